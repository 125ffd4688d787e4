/**
 * The write-ahead log: everything the core wants durable, in order, one write and one fsync at a time. While one is
 * on the way whatever comes in waits and goes with the next (group commit). A failed write or fsync ends the node:
 * after it nobody knows what the device holds, and the kernel may report success on a retry without having written.
 */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Durable, Entry, HardState } from '../../raft/types'
import { openLogFile, type DiskOptions, type LogFile } from './disk'
import { encodeBatch, encodeFileHeader, FILE_HEADER_BYTES } from './record'
import { recover } from './recovery'

export interface WalOptions extends DiskOptions {
  /** `onDurable` is called before the fsync is done: deliberately wrong */
  answerBeforeFsync?: boolean
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
  durable: Durable
  /** bytes of a torn tail that were cut */
  tornBytes: number
}

/** @throws CorruptLog when the log can't be trusted; system errors when it can't be read */
export async function openWal(dir: string, options: WalOptions = {}): Promise<OpenedWal> {
  await mkdir(dir, { recursive: true })
  const file = await openLogFile(join(dir, 'wal-00000001.log'), options)
  try {
    const bytes = await file.readAll()
    const recovered = await recover(bytes, file.path)
    if (recovered === null) {
      const salt = randomBytes(4).readUInt32LE()
      if (bytes.length > 0) await file.truncate(0)
      await file.write(encodeFileHeader({ segment: 1, salt, previousIndex: 0, previousTerm: 0 }), 0)
      await file.sync()
      const durable = { hardState: { term: 0, vote: null }, entries: [] }
      return { wal: new Wal(file, salt, 0, FILE_HEADER_BYTES, options), durable, tornBytes: bytes.length }
    }
    if (recovered.tornBytes > 0) await file.truncate(recovered.endOffset)
    const { header, batch, endOffset, hardState, entries, tornBytes } = recovered
    return { wal: new Wal(file, header.salt, batch, endOffset, options), durable: { hardState, entries }, tornBytes }
  } catch (error) {
    await file.close()
    throw error
  }
}

export class Wal {
  private events: WalEvents | null = null
  private hardState: HardState | null = null
  private queued: Entry[] = []
  /** sequence of the newest append, and of the newest that is durable */
  private appendedSeq = 0
  private durableSeq = 0
  private isWriting = false
  private isClosed = false
  private hasFailed = false
  private whenIdle: (() => void)[] = []

  constructor(
    private readonly file: LogFile,
    private readonly salt: number,
    private batch: number,
    private offset: number,
    private readonly options: WalOptions,
  ) {}

  start(events: WalEvents): void {
    this.events = events
  }

  /** @param seq rises from call to call; `entries` replace whatever the log holds from their first index on */
  append(seq: number, hardState: HardState | null, entries: readonly Entry[]): void {
    if (this.isClosed || this.hasFailed) return
    if (seq <= this.appendedSeq) throw new Error(`wal: append ${seq} after ${this.appendedSeq}`)
    this.appendedSeq = seq
    this.hardState = hardState ?? this.hardState
    this.queueEntries(entries)
    if (!this.isWriting) void this.writeQueued()
  }

  /** entries that wait for a write or are in one */
  waiting(): number {
    return this.queued.length
  }

  isDurable(seq: number): boolean {
    return this.durableSeq >= seq
  }

  /** Writes what is queued, then closes the file. */
  async close(): Promise<void> {
    this.isClosed = true
    if (this.isWriting) await new Promise<void>((resolve) => this.whenIdle.push(resolve))
    await this.file.close()
  }

  private queueEntries(entries: readonly Entry[]): void {
    const first = entries[0]
    if (first === undefined) return
    const firstQueued = this.queued[0]
    // what is still waiting and already overwritten needs no write; indexes in the queue have no gap
    if (firstQueued !== undefined) this.queued.length = Math.min(this.queued.length, Math.max(0, first.index - firstQueued.index))
    for (const entry of entries) this.queued.push(entry)
  }

  private async writeQueued(): Promise<void> {
    this.isWriting = true
    try {
      while (this.appendedSeq > this.durableSeq) {
        const seq = this.appendedSeq
        const bytes = encodeBatch(this.hardState, this.queued, this.batch + 1, this.salt)
        this.hardState = null
        this.queued = []
        if (bytes !== null) await this.writeBatch(bytes, seq)
        this.tellDurable(seq)
      }
    } catch (error) {
      this.hasFailed = true
      const what = `writing batch ${this.batch + 1} at offset ${this.offset}`
      this.events?.onFailure(new Error(`log ${this.file.path}: ${what} failed: ${String(error)}`))
    } finally {
      this.isWriting = false
      for (const resolve of this.whenIdle.splice(0)) resolve()
    }
  }

  private async writeBatch(bytes: Buffer, seq: number): Promise<void> {
    const startedMs = performance.now()
    await this.file.write(bytes, this.offset)
    if (this.options.answerBeforeFsync) this.tellDurable(seq)
    await this.file.sync()
    this.batch++
    this.offset += bytes.length
    this.events?.onSync(performance.now() - startedMs)
  }

  private tellDurable(seq: number): void {
    if (seq <= this.durableSeq) return
    this.durableSeq = seq
    this.events?.onDurable(seq)
  }
}
