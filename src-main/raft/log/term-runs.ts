/**
 * Where each term begins in a log. Terms never fall along a log, so that a log of a million entries is a handful of
 * runs, and conflict back-up by term (Raft §5.3) needs no walk over entries.
 */
import type { LogIndex, Term } from '../types'

interface Run {
  term: Term
  /** first index of this term */
  from: LogIndex
}

export class TermRuns {
  readonly #runs: Run[] = []

  /** Entry `index`, the new last one, has `term`. */
  add(index: LogIndex, term: Term): void {
    const last = this.#runs.at(-1)
    if (!last || last.term !== term) this.#runs.push({ term, from: index })
  }

  /** Forgets everything from `index` on. */
  truncate(index: LogIndex): void {
    while (this.#runs.length > 0 && this.#runs.at(-1)!.from >= index) this.#runs.pop()
  }

  /** Forgets everything up to `index` in a log that ends at `last`. */
  compact(index: LogIndex, last: LogIndex): void {
    let gone = 0
    while (gone < this.#runs.length && (this.#runs[gone + 1]?.from ?? last + 1) <= index + 1) gone++
    this.#runs.splice(0, gone)
    const first = this.#runs[0]
    if (first) first.from = Math.max(first.from, index + 1)
  }

  /** @returns first index of `term`, or null when no entry has it */
  firstOf(term: Term): LogIndex | null {
    const at = this.#find(term)
    return at < 0 ? null : this.#runs[at]!.from
  }

  /** @returns last index of `term` in a log that ends at `last`, or null when no entry has it */
  lastOf(term: Term, last: LogIndex): LogIndex | null {
    const at = this.#find(term)
    if (at < 0) return null
    const next = this.#runs[at + 1]
    return next ? next.from - 1 : last
  }

  #find(term: Term): number {
    let low = 0
    let high = this.#runs.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.#runs[middle]!.term
      if (found === term) return middle
      if (found < term) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}
