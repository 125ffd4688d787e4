/** The lives of a node's process: when each was started, when it served, when it ended. */

export interface Life {
  /** all ns since the origin */
  startedNs: number
  /** its log was replayed and it served; null = not yet, or never */
  readyNs: number | null
  exitedNs: number | null
  /** what it said before it stopped itself */
  lastWords: string | null
  /** bytes of a torn tail that it found at the end of its log and cut */
  tornBytes: number
}

/** A crash loop of an hour. */
const LIVES_MAX = 8_000

export class Lives {
  private readonly all: Life[] = []

  started(atNs: number): void {
    this.all.push({ startedNs: atNs, readyNs: null, exitedNs: null, lastWords: null, tornBytes: 0 })
    if (this.all.length > LIVES_MAX) this.all.shift()
  }

  ready(atNs: number, tornBytes: number): void {
    const life = this.all.at(-1)
    if (life) Object.assign(life, { readyNs: atNs, tornBytes })
  }

  said(words: string): void {
    const life = this.all.at(-1)
    if (life) life.lastWords = words
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
  endsSince(fromNs: number): { exitedNs: number; lastWords: string | null; next: Life | null }[] {
    return this.all.flatMap(({ exitedNs, lastWords }, index) =>
      exitedNs !== null && exitedNs >= fromNs ? [{ exitedNs, lastWords, next: this.all[index + 1] ?? null }] : [],
    )
  }
}
