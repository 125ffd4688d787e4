/**
 * A leader's broadcasts, numbered. An echo of round r proves that its sender still followed this leader after r began:
 * that confirms reads (ReadIndex) and dates the leadership (`quorumAck`).
 */

/** Without CheckQuorum a cut-off leader begins rounds for ever; more than this many open ones are not worth dating. */
const MAX_OPEN_ROUNDS = 4096

export class Rounds {
  /** number of the newest round; 0 = none yet */
  current = 0
  /** newest round a quorum has echoed */
  acknowledged = 0
  /** when rounds #firstOpen … current began */
  readonly #sentMs: number[] = []
  #firstOpen = 1

  begin(nowMs: number): number {
    this.#sentMs.push(nowMs)
    if (this.#sentMs.length > MAX_OPEN_ROUNDS) {
      this.#sentMs.shift()
      this.#firstOpen++
    }
    return ++this.current
  }

  /** @returns when `round` began if it is the newest one a quorum has echoed so far, else null */
  acknowledge(round: number): number | null {
    if (round <= this.acknowledged) return null
    this.acknowledged = round
    const sentMs = this.#sentMs[round - this.#firstOpen] ?? null
    this.#sentMs.splice(0, Math.max(0, round + 1 - this.#firstOpen))
    this.#firstOpen = Math.max(this.#firstOpen, round + 1)
    return sentMs
  }
}
