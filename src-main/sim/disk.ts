/**
 * A node's disk in virtual time: one write and one fsync at a time, and whatever comes in meanwhile goes with the
 * next. A crash loses what was not synced, or leaves a torn piece of it; a bit may flip under a node that is down.
 */
import { drawIndex } from '@shared/stats/random'
import type { Entry, HardState, LogIndex, Message, Ready, Term } from '../raft/types'
import { type Batch, imageOf, readBack } from './disk-bytes'
import { Durables } from './durables'
import type { StoredSnapshot } from './stored-snapshot'
import { violated } from './violation'

export interface Write {
  persist: NonNullable<Ready['persist']>
  /** what its durability allows to say */
  send: Message[]
}

export class SimDisk {
  readonly durable = new Durables()
  /** what each fsync made durable, in order: the log file */
  #batches: Batch[] = []
  #queued: Write[] = []
  #writing: Write[] = []
  isFull = false
  /** durable; a manifest of its own, not part of the log */
  #snapshot: StoredSnapshot | null = null
  /** the snapshot is durable, and the log behind it not yet cut */
  isCutDue = false

  constructor(readonly node: string) {}

  get snapshot(): StoredSnapshot | null {
    return this.#snapshot
  }

  keep(snapshot: StoredSnapshot): void {
    this.#snapshot = snapshot
    this.durable.snapshotIndex = snapshot.meta.index
  }

  get isBusy(): boolean {
    return this.#writing.length > 0
  }

  /** entries that a crash now would lose */
  get unsynced(): number {
    let entries = 0
    for (const { persist } of this.#writing) entries += persist.entries.length
    for (const { persist } of this.#queued) entries += persist.entries.length
    return entries
  }

  queue(write: Write): void {
    this.#queued.push(write)
  }

  /** Messages that wait for everything queued or under way. @returns false when nothing is: they may go at once */
  hold(messages: readonly Message[]): boolean {
    const last = this.#queued.at(-1) ?? this.#writing.at(-1)
    if (last === undefined) return false
    last.send.push(...messages)
    return true
  }

  /** @returns whether there is something to sync now */
  beginSync(): boolean {
    if (this.#writing.length > 0 || this.#queued.length === 0) return false
    this.#writing = this.#queued
    this.#queued = []
    return true
  }

  /**
   * The fsync is done. Each write takes effect by itself: a later one may overwrite, for a newer leader, what an
   * earlier one has every right to promise to its own.
   */
  endSync(each: (write: Write) => void): void {
    const done = this.#writing
    this.#writing = []
    for (const write of done) {
      const { restored } = write.persist
      if (restored !== null) this.durable.restart(restored.index, restored.term)
      this.durable.write(write.persist)
      each(write)
    }
    if (done.some(({ persist }) => persist.restored !== null)) this.#rewrite()
    else this.#batches.push(merged(done))
  }

  /** The log now begins after `index`; what is kept is written anew into a file of its own. */
  compact(index: LogIndex, term: Term): void {
    this.durable.forget(index, term)
    this.#rewrite()
  }

  /**
   * Power is lost. Whatever was not synced is gone, but the batch under way may have reached the platter, whole or torn.
   *
   * @returns what was lost or torn
   */
  crash(random: () => number): { lost: number; torn: boolean } {
    const under = this.#writing
    const lost = this.unsynced
    this.#writing = []
    this.#queued = []
    // a log that begins anew does so in a file of its own: until that is durable the old one counts
    if (under.length === 0 || under.some(({ persist }) => persist.restored !== null)) return { lost, torn: false }
    const batches = [...this.#batches, merged(under)]
    const { bytes, ends } = imageOf(batches)
    const synced = ends.at(-2) ?? 0
    const size = bytes.length - synced
    const reached = random() < 0.2 ? size : drawIndex(random, size + 1)
    const found = readBack(bytes.subarray(0, synced + reached))
    if (found === null) violated('torn tail is cut', `${this.node} takes ${reached} of ${size} bytes for damage`)
    if (found.length < this.#batches.length) violated('synced is durable', `${this.node} finds ${found.length} batches of ${this.#batches.length}`)
    const survived = found.length > this.#batches.length
    if (survived) {
      this.#batches = batches
      for (const { persist } of under) this.durable.write(persist)
    }
    return { lost: survived ? 0 : lost, torn: !survived && reached > 0 }
  }

  /**
   * Flips one bit where it was synced, before the last batch (in the last one it can't be told from a torn write): a
   * node that reads this log must notice, and not start from it.
   *
   * @returns false when there is nothing to damage
   */
  flipBit(random: () => number): boolean {
    if (this.#batches.length < 2) return false
    const { bytes, ends } = imageOf(this.#batches)
    const at = drawIndex(random, ends.at(-2)! * 8)
    bytes[at >> 3]! ^= 1 << (at & 7)
    if (readBack(bytes) !== null) violated('damage is detected', `${this.node} would start from a log with bit ${at} flipped`)
    return true
  }

  #rewrite(): void {
    const { hardState, entries } = this.durable
    this.#batches = [{ hardState: { ...hardState }, entries: entries.slice() }]
  }
}

/** Several writes as the one batch that a log makes of them: the last hard state, and no entry that is overwritten already. */
function merged(writes: readonly Write[]): Batch {
  let hardState: HardState | null = null
  const entries: Entry[] = []
  for (const { persist } of writes) {
    hardState = persist.hardState ?? hardState
    const [first] = persist.entries
    if (first === undefined) continue
    if (entries.length > 0) entries.length = Math.min(entries.length, Math.max(0, first.index - entries[0]!.index))
    entries.push(...persist.entries)
  }
  return { hardState, entries }
}
