/** The lives of a node's process: when each was started, when it served, when it ended. */

export interface Life {
  /** all ns since the origin */
  startedNs: number
  /** its log was replayed and it served; null = not yet, or never */
  readyNs: number | null
  exitedNs: number | null
}

/** A crash loop of an hour. */
const LIVES_MAX = 8_000

export class Lives {
  private readonly all: Life[] = []

  started(atNs: number): void {
    this.all.push({ startedNs: atNs, readyNs: null, exitedNs: null })
    if (this.all.length > LIVES_MAX) this.all.shift()
  }

  ready(atNs: number): void {
    const life = this.all.at(-1)
    if (life) life.readyNs = atNs
  }

  exited(atNs: number): void {
    const life = this.all.at(-1)
    if (life) life.exitedNs = atNs
  }

  /** oldest first */
  get list(): readonly Life[] {
    return this.all
  }

  /** Ends since a moment, each with the life that followed it, if one did. */
  endsSince(fromNs: number): { exitedNs: number; next: Life | null }[] {
    return this.all.flatMap(({ exitedNs }, index) =>
      exitedNs !== null && exitedNs >= fromNs ? [{ exitedNs, next: this.all[index + 1] ?? null }] : [],
    )
  }
}
