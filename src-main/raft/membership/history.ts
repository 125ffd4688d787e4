/**
 * Which membership holds at which place of the log. The newest one in the log is in effect, committed or not
 * (Raft §6), so that a truncation may bring back the one before, and a snapshot has to carry the one as of its index.
 */
import { broken } from '../invariant'
import type { LogIndex, Membership } from '../types'

interface Step {
  index: LogIndex
  membership: Membership
}

export class MembershipHistory {
  /** oldest first, never empty; the first one holds from the beginning of the log */
  readonly #steps: Step[]

  constructor(index: LogIndex, membership: Membership) {
    this.#steps = [{ index, membership }]
  }

  get current(): Membership {
    return this.#steps.at(-1)!.membership
  }

  /** where the current one came into the log; 0 for the first configuration */
  get index(): LogIndex {
    return this.#steps.at(-1)!.index
  }

  /** who took part before is not known: the log behind a snapshot may reach further back than its membership */
  get begin(): LogIndex {
    return this.#steps[0]!.index
  }

  /** @returns the membership as of `index`, which is not before `begin` */
  at(index: LogIndex): Membership {
    return this.#steps.findLast((step) => step.index <= index)?.membership ?? broken('membership', `none is known at ${index}`)
  }

  append(index: LogIndex, membership: Membership): void {
    this.#steps.push({ index, membership })
  }

  /** Everything from `index` on is gone from the log. @returns whether another membership is in effect now */
  truncate(index: LogIndex): boolean {
    const before = this.#steps.length
    while (this.#steps.length > 1 && this.#steps.at(-1)!.index >= index) this.#steps.pop()
    return this.#steps.length < before
  }

  /** Nothing before `index` will be asked about any more. */
  compact(index: LogIndex): void {
    const keep = this.#steps.findLastIndex((step) => step.index <= index)
    if (keep > 0) this.#steps.splice(0, keep)
  }

  reset(index: LogIndex, membership: Membership): void {
    this.#steps.splice(0, this.#steps.length, { index, membership })
  }
}
