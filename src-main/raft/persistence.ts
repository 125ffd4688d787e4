/**
 * Which writes are on their way to the disk, and which term and vote a crash would leave. Several writes may be
 * outstanding; they become durable in the order of their `seq`.
 */
import { broken } from './invariant'
import type { RaftLog } from './log/log'
import type { HardState, LogIndex, Ready, SnapshotMeta } from './types'

interface Write {
  seq: number
  hardState: HardState | null
  /** last log index that this write makes durable; lowered when a newer leader overwrites part of it in memory */
  last: LogIndex
  handedMs: number
}

export class Persistence {
  #seq = 0
  #done = 0
  #handed: HardState
  #durable: HardState
  readonly #pending: Write[] = []
  #progressMs = -Infinity
  #restored: SnapshotMeta | null = null

  constructor(found: HardState) {
    this.#handed = this.#durable = { ...found }
  }

  /** Term and vote that survive a crash. */
  get durable(): Readonly<HardState> {
    return this.#durable
  }

  /** since when the disk owes an answer: the oldest write under way, or the last one that was finished; null = nothing is */
  get waitingSinceMs(): number | null {
    const oldest = this.#pending[0]
    return oldest ? Math.max(oldest.handedMs, this.#progressMs) : null
  }

  hasWork(term: number, vote: string | null, log: RaftLog): boolean {
    return log.last > log.handed || this.#restored !== null || this.#handed.term !== term || this.#handed.vote !== vote
  }

  /** @returns the next write, each piece of work exactly once; null when there is none */
  take(term: number, vote: string | null, log: RaftLog, nowMs: number): Ready['persist'] {
    if (!this.hasWork(term, vote, log)) return null
    const changed = this.#handed.term !== term || this.#handed.vote !== vote
    if (changed) this.#handed = { term, vote }
    const entries = log.takeUnpersisted()
    const seq = ++this.#seq
    const restored = this.#restored
    this.#restored = null
    this.#pending.push({ seq, hardState: changed ? this.#handed : null, last: entries.at(-1)?.index ?? 0, handedMs: nowMs })
    return { seq, hardState: changed ? { term, vote } : null, entries, restored }
  }

  /** Entries from `index` on were dropped from the log: writes under way prove nothing about what comes there now. */
  truncated(index: LogIndex): void {
    for (const write of this.#pending) write.last = Math.min(write.last, index - 1)
  }

  /** The log begins anew behind `meta`: the disk has to forget what it held, and writes under way prove nothing more. */
  restored(meta: SnapshotMeta): void {
    this.#restored = meta
    for (const write of this.#pending) write.last = 0
  }

  /** Everything up to write `seq` is durable. */
  persisted(seq: number, log: RaftLog, nowMs: number): void {
    if (seq > this.#seq || seq < this.#done) broken('persisted', `write ${seq} of ${this.#done}…${this.#seq}`)
    if (seq > this.#done) this.#progressMs = nowMs
    this.#done = seq
    let finished = 0
    for (const write of this.#pending) {
      if (write.seq > seq) break
      finished++
      if (write.hardState) this.#durable = write.hardState
      log.persisted(write.last)
    }
    this.#pending.splice(0, finished)
  }
}
