/**
 * The write-ahead log: everything the core wants durable, in order, one write and one fsync at a time. While one is
 * on the way whatever comes in waits and goes with the next (group commit). A failed write or fsync ends the node:
 * after it nobody knows what the device holds, and the kernel may report success on a retry without having written.
 */
import { randomBytes } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import type { Durable, Entry, HardState } from '../../raft/types'
import { openLogFile, syncFolder, type DiskOptions, type LogFile } from './disk'
import { encodeBatch, encodeFileHeader, FILE_HEADER_BYTES } from './record'
import { findLog, segmentPath, type FoundLog, type LogPlace, type Segment } from './segments'
import { WriteQueue } from './write-queue'

/** a new segment begins once the current one is this long; the log is cut by whole segments */
export const SEGMENT_BYTES = 32 * 1024 * 1024

export interface WalOptions extends DiskOptions {
  /** `onDurable` is called before the fsync is done: deliberately wrong */
  answerBeforeFsync?: boolean
  segmentBytes?: number
}

export interface WalEvents {
  /** everything appended with a sequence up to this one is durable */
  onDurable: (seq: number) => void
  /** called once; nothing is written afterwards */
  onFailure: (error: Error) => void
  /** each write and fsync, for the metrics */
  onSync: (durationMs: number) => void
}

export interface OpenedWal {
  wal: Wal
  /** the entries behind the snapshot, and what is kept before it */
  durable: Durable
  /** bytes of a torn tail that were cut */
  tornBytes: number
}

/**
 * @param snapshot where the newest snapshot ends; entries up to there may be gone from the log
 * @param keptEntries how many before its end are wanted all the same, if they are still there
 * @throws CorruptLog when the log can't be trusted; system errors when it can't be read
 */
export async function openWal(dir: string, options: WalOptions = {}, snapshot: LogPlace | null = null, keptEntries = 0): Promise<OpenedWal> {
  const found = await findLog(dir, snapshot, keptEntries, options)
  const { hardState, entries, tornBytes } = found
  const wal = new Wal(dir, options, found, snapshot)
  if (found.last === null) await wal.beginSegment() // a disk that can't be written to shows now
  return { wal, durable: { hardState, entries }, tornBytes }
}

interface Current {
  file: LogFile
  salt: number
  batch: number
  offset: number
}

export class Wal {
  private events: WalEvents | null = null
  private readonly queue = new WriteQueue()
  private readonly segments: Segment[]
  private current: Current | null
  private hardState: HardState
  /** where the written log ends */
  private end: LogPlace
  /** the next batch begins a segment: none is there yet, or a snapshot replaced the log */
  private startsAt: LogPlace | null
  /** sequence of the newest append, and of the newest that is durable */
  private appendedSeq = 0
  private durableSeq = 0
  private isWriting = false
  /** the write under way: since when, by performance.now() */
  private writingSinceMs: number | null = null
  private isClosed = false
  private hasFailed = false
  private whenIdle: (() => void)[] = []
  private cutting: Promise<void> = Promise.resolve()

  constructor(
    private readonly dir: string,
    private readonly options: WalOptions,
    found: Pick<FoundLog, 'hardState' | 'entries' | 'restartAt' | 'segments' | 'last'>,
    snapshot: LogPlace | null,
  ) {
    const { last } = found
    this.segments = [...found.segments]
    this.hardState = found.hardState
    this.current = last && { file: last.file, salt: last.recovered.header.salt, batch: last.recovered.batch, offset: last.recovered.endOffset }
    this.end = found.entries.at(-1) ?? snapshot ?? { index: 0, term: 0 }
    this.startsAt = found.restartAt ?? (last === null ? this.end : null)
  }

  start(events: WalEvents): void {
    this.events = events
  }

  /** @param seq rises from call to call; `entries` replace whatever the log holds from their first index on */
  append(seq: number, hardState: HardState | null, entries: readonly Entry[]): void {
    if (this.isClosed || this.hasFailed) return
    if (seq <= this.appendedSeq) throw new Error(`wal: append ${seq} after ${this.appendedSeq}`)
    this.appendedSeq = seq
    this.queue.add(seq, hardState, entries)
    if (!this.isWriting) void this.writeQueued()
  }

  /** A durable snapshot from elsewhere replaces the whole log: what is appended from now on follows `place`. */
  restart(place: LogPlace): void {
    this.queue.dropFrom(0)
    this.startsAt = place
  }

  /** Entries up to `index` are in a durable snapshot and nobody's business any more: segments that hold nothing else go. */
  cut(index: number): Promise<void> {
    this.cutting = this.cutting.then(() => this.removeBefore(index)).catch((error: unknown) => this.fail(`log ${this.dir}: removing a segment`, error))
    return this.cutting
  }

  /** The header is durable before anything stands behind it: a segment without one never held a batch. */
  async beginSegment(): Promise<void> {
    const place = this.startsAt ?? this.end
    const number = (this.segments.at(-1)?.number ?? 0) + 1
    const salt = randomBytes(4).readUInt32LE()
    const previousBatches = this.current?.batch ?? 0
    const file = await openLogFile(segmentPath(this.dir, number), this.options)
    await file.truncate(0)
    await file.write(encodeFileHeader({ segment: number, salt, previousBatches, previousIndex: place.index, previousTerm: place.term }), 0)
    await this.current?.file.close()
    this.current = { file, salt, batch: 0, offset: FILE_HEADER_BYTES }
    this.segments.push({ number, path: file.path, previousIndex: place.index })
    this.end = place
    if (this.startsAt === place) this.startsAt = null
  }

  /** entries that wait for a write */
  waiting(): number {
    return this.queue.size
  }

  /** how long the write and fsync under way have taken by now; 0 without one */
  pendingMs(): number {
    return this.writingSinceMs === null ? 0 : performance.now() - this.writingSinceMs
  }

  isDurable(seq: number): boolean {
    return this.durableSeq >= seq
  }

  /** Writes what is queued, then closes the file. */
  async close(): Promise<void> {
    this.isClosed = true
    if (this.isWriting) await new Promise<void>((resolve) => this.whenIdle.push(resolve))
    await this.cutting
    await this.current?.file.close()
  }

  private async writeQueued(): Promise<void> {
    this.isWriting = true
    try {
      while (!this.queue.isEmpty) {
        const startedMs = performance.now()
        this.writingSinceMs = startedMs
        if (this.startsAt !== null || (this.current?.offset ?? 0) >= (this.options.segmentBytes ?? SEGMENT_BYTES)) await this.beginSegment()
        await this.writeBatch(startedMs)
      }
    } catch (error) {
      const { file, batch, offset } = this.current ?? { file: { path: this.dir }, batch: 0, offset: 0 }
      this.fail(`log ${file.path}: writing batch ${batch + 1} at offset ${offset}`, error)
    } finally {
      this.isWriting = false
      this.writingSinceMs = null
      for (const resolve of this.whenIdle.splice(0)) resolve()
    }
  }

  private async writeBatch(startedMs: number): Promise<void> {
    const { current } = this
    if (current === null || this.startsAt !== null) return // a snapshot came in meanwhile: another segment first
    const { hardState, entries, seq } = this.queue.take()
    this.hardState = hardState ?? this.hardState
    const bytes = encodeBatch(current.batch === 0 ? this.hardState : hardState, entries, current.batch + 1, current.salt)
    if (bytes !== null) {
      if (this.options.answerBeforeFsync) this.tellDurable(seq)
      await current.file.write(bytes, current.offset)
      current.batch++
      current.offset += bytes.length
      this.end = entries.at(-1) ?? this.end
      this.events?.onSync(performance.now() - startedMs)
    }
    this.tellDurable(seq)
  }

  private async removeBefore(index: number): Promise<void> {
    if ((this.current?.batch ?? 0) === 0) return // the hard state is in an older segment still
    const before = this.segments.length
    while (this.segments.length > 1 && this.segments[1]!.previousIndex <= index) {
      await unlink(this.segments[0]!.path)
      this.segments.shift()
    }
    if (this.segments.length < before) await syncFolder(this.dir)
  }

  private tellDurable(seq: number | null): void {
    if (seq === null || seq <= this.durableSeq) return
    this.durableSeq = seq
    this.events?.onDurable(seq)
  }

  private fail(what: string, error: unknown): void {
    if (this.hasFailed) return
    this.hasFailed = true
    this.events?.onFailure(new Error(`${what} failed: ${String(error)}`))
  }
}
