/** Term, vote and log as a disk holds them, or a memory: read by the invariants, and by a node that starts. */
import type { Entry, HardState, LogIndex, Term } from '../raft/types'
import type { Batch } from './disk-bytes'

export class Durables {
  hardState: HardState = { term: 0, vote: null }
  baseIndex: LogIndex = 0
  baseTerm: Term = 0
  /** a snapshot stands for everything up to here */
  snapshotIndex: LogIndex = 0
  /** entries after the base */
  readonly entries: Entry[] = []

  get last(): LogIndex {
    return this.baseIndex + this.entries.length
  }

  /** @returns whether a crash would leave this entry, or a snapshot that covers it */
  holds({ index, term }: Entry): boolean {
    return index <= Math.max(this.baseIndex, this.snapshotIndex) || this.term(index) === term
  }

  /** @returns the term at `index`, null when the log does not reach it or no longer holds it */
  term(index: LogIndex): Term | null {
    if (index === this.baseIndex) return this.baseTerm
    return this.entries[index - this.baseIndex - 1]?.term ?? null
  }

  write({ hardState, entries }: Batch): void {
    if (hardState !== null) this.hardState = { ...hardState }
    const first = entries[0]
    if (first === undefined) return
    this.entries.length = first.index - this.baseIndex - 1
    for (const entry of entries) this.entries.push(entry)
  }

  /** The log begins anew behind a snapshot. */
  restart(index: LogIndex, term: Term): void {
    this.entries.length = 0
    this.baseIndex = index
    this.baseTerm = term
  }

  /** Entries up to `index` are covered by a snapshot. */
  forget(index: LogIndex, term: Term): void {
    if (index <= this.baseIndex) return
    this.entries.splice(0, index - this.baseIndex)
    this.baseIndex = index
    this.baseTerm = term
  }
}
