/**
 * The log in memory, and how far it was handed out for writing and is known to be durable.
 * first − 1 ≤ durable ≤ handed ≤ last. It never copies itself: messages get slices of references. What lies before
 * `first` was cut, because a durable snapshot covers it; of it only index and term of the last entry are known.
 */
import { broken } from '../invariant'
import type { Entry, LogIndex, Term } from '../types'
import { TermRuns } from './term-runs'

export class RaftLog {
  readonly #entries: Entry[] = []
  readonly #runs = new TermRuns()
  /** index and term of the entry before the first one */
  #baseIndex: LogIndex
  #baseTerm: Term
  #handed: LogIndex
  #durable: LogIndex

  /** @param entries what the disk holds, from behind the base on */
  constructor(entries: readonly Entry[], base: { index: LogIndex; term: Term } = { index: 0, term: 0 }) {
    this.#baseIndex = base.index
    this.#baseTerm = base.term
    this.#handed = this.#durable = this.#baseIndex
    this.append(entries)
    this.#handed = this.#durable = this.last
  }

  get first(): LogIndex {
    return this.#baseIndex + 1
  }

  get last(): LogIndex {
    return this.#baseIndex + this.#entries.length
  }

  get lastTerm(): Term {
    return this.#entries.at(-1)?.term ?? this.#baseTerm
  }

  /** term of the entry before `first` */
  get lastTermBefore(): Term {
    return this.#baseTerm
  }

  /** Everything up to here was handed out by `takeUnpersisted`. */
  get handed(): LogIndex {
    return this.#handed
  }

  /** Everything up to here survives a crash. */
  get durable(): LogIndex {
    return this.#durable
  }

  /** @returns the term at `index`, or null when the log does not reach it or has been cut there; 0 at index 0 */
  term(index: LogIndex): Term | null {
    if (index === this.#baseIndex) return this.#baseTerm
    return this.#entries[index - this.first]?.term ?? null
  }

  entry(index: LogIndex): Entry {
    return this.#entries[index - this.first] ?? broken('log', `entry ${index} is not in ${this.first}…${this.last}`)
  }

  firstOfTerm(term: Term): LogIndex | null {
    return this.#runs.firstOf(term)
  }

  lastOfTerm(term: Term): LogIndex | null {
    return this.#runs.lastOf(term, this.last)
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.index !== this.last + 1) broken('log append', `entry ${entry.index} does not follow ${this.last}`)
      if (entry.term < this.lastTerm) broken('log append', `term falls from ${this.lastTerm} to ${entry.term} at ${entry.index}`)
      this.#entries.push(entry)
      this.#runs.add(entry.index, entry.term)
    }
  }

  /** Drops everything from `index` on. What replaces it has to be written before it counts as durable. */
  truncate(index: LogIndex): void {
    if (index < this.first || index > this.last) broken('log truncate', `${index} is not in ${this.first}…${this.last}`)
    this.#entries.length = index - this.first
    this.#runs.truncate(index)
    this.#handed = Math.min(this.#handed, index - 1)
    this.#durable = Math.min(this.#durable, index - 1)
  }

  /** Forgets everything up to `index`, which is durable in a snapshot. */
  compact(index: LogIndex): void {
    const term = this.term(index)
    if (term === null) broken('log compact', `${index} is not in ${this.first - 1}…${this.last}`)
    this.#entries.splice(0, index - this.#baseIndex)
    this.#baseIndex = index
    this.#baseTerm = term
    this.#runs.compact(index, this.last)
    this.#handed = Math.max(this.#handed, index)
    this.#durable = Math.max(this.#durable, index)
  }

  /** Begins anew behind a snapshot of another history, or of one this log does not reach. */
  reset(index: LogIndex, term: Term): void {
    this.#entries.length = 0
    this.#runs.truncate(0)
    this.#baseIndex = this.#handed = this.#durable = index
    this.#baseTerm = term
  }

  /** @returns entries from…to, both included */
  slice(from: LogIndex, to: LogIndex): Entry[] {
    return this.#entries.slice(from - this.first, to - this.first + 1)
  }

  /** @returns entries from `from` on, within both bounds, but at least one if there is one */
  sliceBounded(from: LogIndex, maxEntries: number, maxBytes: number): Entry[] {
    let to = from - 1
    let bytes = 0
    while (to < this.last && to - from + 1 < maxEntries) {
      bytes += this.entry(to + 1).data.byteLength
      if (bytes > maxBytes && to >= from) break
      to++
    }
    return this.slice(from, to)
  }

  /** @returns what has to be written and was not handed out before; it counts as handed out from now on */
  takeUnpersisted(): Entry[] {
    const entries = this.slice(this.#handed + 1, this.last)
    this.#handed = this.last
    return entries
  }

  /** Everything up to `index` is on disk. */
  persisted(index: LogIndex): void {
    if (index > this.#handed) broken('log persisted', `${index} is durable, only ${this.#handed} was handed out`)
    this.#durable = Math.max(this.#durable, index)
  }
}
