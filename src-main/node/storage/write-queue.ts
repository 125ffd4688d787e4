/** What waits for the disk, in order. A batch takes what has queued up, within bounds, so that a burst becomes few and even writes. */
import type { Entry, HardState } from '../../raft/types'

/** bounds of one write and fsync: past a thousand entries a larger batch gains little and keeps those behind it waiting */
export const BATCH_ENTRIES_MAX = 1_000
export const BATCH_BYTES_MAX = 8 * 1024 * 1024

interface Append {
  seq: number
  hardState: HardState | null
  entries: Entry[]
  /** entries that batches before have taken */
  taken: number
}

export interface Batch {
  hardState: HardState | null
  entries: Entry[]
  /** appends up to this one are whole with this batch; null when none is */
  seq: number | null
}

export class WriteQueue {
  private appends: Append[] = []
  private entryCount = 0

  /** entries that wait */
  get size(): number {
    return this.entryCount
  }

  get isEmpty(): boolean {
    return this.appends.length === 0
  }

  add(seq: number, hardState: HardState | null, entries: readonly Entry[]): void {
    const first = entries[0]
    if (first !== undefined) this.dropFrom(first.index)
    this.appends.push({ seq, hardState, entries: [...entries], taken: 0 })
    this.entryCount += entries.length
  }

  /** What is still waiting and already overwritten needs no write. */
  dropFrom(index: number): void {
    for (let i = this.appends.length - 1; i >= 0; i--) {
      const { entries, taken } = this.appends[i]!
      const first = entries[0]
      if (first === undefined) continue
      const kept = Math.min(entries.length, Math.max(taken, index - first.index))
      if (kept === entries.length) return // indexes in the queue rise without a gap, so nothing before it is touched
      this.entryCount -= entries.length - kept
      entries.length = kept
    }
  }

  /** @returns at least one entry if any waits; a later append's hard state goes only after all entries before it */
  take(): Batch {
    const batch: Batch = { hardState: null, entries: [], seq: null }
    let bytes = 0
    let done = 0
    for (const append of this.appends) {
      batch.hardState = append.hardState ?? batch.hardState
      while (append.taken < append.entries.length) {
        const entry = append.entries[append.taken]!
        bytes += entry.data.byteLength
        const isFull = batch.entries.length === BATCH_ENTRIES_MAX || (bytes > BATCH_BYTES_MAX && batch.entries.length > 0)
        if (isFull) return this.took(batch, done)
        batch.entries.push(entry)
        append.taken++
      }
      batch.seq = append.seq
      done++
    }
    return this.took(batch, done)
  }

  private took(batch: Batch, done: number): Batch {
    this.appends = done === this.appends.length ? [] : this.appends.slice(done)
    this.entryCount -= batch.entries.length
    return batch
  }
}
