/**
 * Which membership holds at which place of the log. The newest one in the log is in effect, committed or not
 * (Raft §6), so that a truncation may bring back the one before, and a snapshot has to carry the one as of its index.
 */
import { broken } from '../invariant'
import type { ForcedMembership, LogIndex, Membership, Term } from '../types'

interface Step {
  index: LogIndex
  membership: Membership
}

export class MembershipHistory {
  /** oldest first, never empty; the first one holds from the beginning of the log */
  readonly #steps: Step[]
  readonly #forced: { sinceTerm: Term; membership: Membership } | null

  /** @param term that `membership` was said in */
  constructor(index: LogIndex, term: Term, membership: Membership, forced: ForcedMembership | null = null) {
    this.#forced = forced && { sinceTerm: forced.term, membership: { voters: forced.voters, outgoing: [], learners: [] } }
    this.#steps = [{ index, membership: this.#ruling(term, membership) }]
  }

  /** In effect is an operator's word, which no entry of the log says yet. */
  get isForced(): boolean {
    return this.current === this.#forced?.membership
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

  /** @param term of the entry that says so */
  append(index: LogIndex, term: Term, membership: Membership): void {
    this.#steps.push({ index, membership: this.#ruling(term, membership) })
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

  reset(index: LogIndex, term: Term, membership: Membership): void {
    this.#steps.splice(0, this.#steps.length, { index, membership: this.#ruling(term, membership) })
  }

  /** What was said before an operator's word counts no more. */
  #ruling(term: Term, membership: Membership): Membership {
    return this.#forced !== null && term < this.#forced.sinceTerm ? this.#forced.membership : membership
  }
}
