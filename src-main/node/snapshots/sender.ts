/**
 * One snapshot on its way to one follower. It reads its files piece by piece and never has more on the way than the link
 * carries at once: on a narrow link heartbeats must get through between the chunks. After a silence it asks where to go on.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { totalBytes, type Manifest } from './manifest'
import { idOf, isSame, type SnapshotFrame, type StreamId } from './wire'

/** a link of 1 Mbit/s carries one in an eighth of a second */
const CHUNK_BYTES = 16 * 1024
const WINDOW_CHUNKS_MAX = 64
/** while an acknowledgement takes less than this the window grows, else it shrinks: about a heartbeat */
const DELAY_MS_AIM = 50
/** times a receiver may lose everything: what arrives damaged again and again was damaged here */
const RESTARTS_MAX = 3
const SILENCE_MS_MIN = 250
const SILENCE_MS_MAX = 5_000

export interface SenderOptions {
  manifest: Manifest
  dir: string
  /** the sender leads in it */
  term: number
  nowMs: () => number
  send: (frame: SnapshotFrame) => void
  /** how it ended; called once. silent: no answer for that long; refused: the receiver could not use it */
  onEnd: (end: 'done' | 'silent' | 'refused' | Error) => void
  giveUpMs: number
}

export class SnapshotSender {
  private readonly id: StreamId
  private readonly total: number
  private acked = 0
  private sent = 0
  private windowChunks = 1
  /** the chunk whose acknowledgement is being timed */
  private timed: { end: number; sentMs: number } | null = null
  private delayMs = 0
  private heardMs: number
  private silenceMs = SILENCE_MS_MIN
  private timer: NodeJS.Timeout | null = null
  private restarts = 0
  private hasAnswered = false
  private isReading = false
  private hasEnded = false
  private file: { name: string; handle: FileHandle } | null = null

  constructor(private readonly options: SenderOptions) {
    this.id = idOf(options.manifest)
    this.total = totalBytes(options.manifest)
    this.heardMs = options.nowMs()
  }

  start(): void {
    this.offer()
  }

  take(frame: Extract<SnapshotFrame, { type: 'ack' }>): void {
    if (this.hasEnded || !isSame(frame.id, this.id)) return
    const nowMs = this.options.nowMs()
    this.heardMs = nowMs
    if (frame.isDone) return this.end('done')
    const isGoingOn = frame.received > this.acked
    if (!this.hasAnswered && frame.received === 0 && this.acked > 0 && ++this.restarts > RESTARTS_MAX) return this.end('refused')
    if (this.timed !== null && frame.received >= this.timed.end) this.pace(nowMs - this.timed.sentMs)
    // the first answer after a silence says where to go on; later ones never move what was sent back
    this.acked = this.hasAnswered ? Math.max(this.acked, frame.received) : frame.received
    if (!this.hasAnswered) this.sent = this.acked
    this.hasAnswered = true
    if (isGoingOn) this.silenceMs = Math.max(SILENCE_MS_MIN, 4 * this.delayMs)
    this.listen()
    this.pump()
  }

  /** Leadership is over, or the node stops: nobody is told. */
  stop(): void {
    this.hasEnded = true
    if (this.timer !== null) clearTimeout(this.timer)
    void this.closeFile()
  }

  private pace(delayMs: number): void {
    this.timed = null
    this.delayMs = delayMs
    const isQuick = delayMs <= DELAY_MS_AIM
    this.windowChunks = isQuick ? Math.min(WINDOW_CHUNKS_MAX, this.windowChunks * 2) : Math.max(1, this.windowChunks >> 1)
  }

  private offer(): void {
    const { manifest, term } = this.options
    this.hasAnswered = false
    this.timed = null
    this.windowChunks = 1
    this.options.send({ type: 'offer', id: this.id, term, manifest })
    this.listen()
  }

  private listen(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      if (this.options.nowMs() - this.heardMs >= this.options.giveUpMs) return this.end('silent')
      this.silenceMs = Math.min(SILENCE_MS_MAX, this.silenceMs * 2)
      this.offer()
    }, this.silenceMs)
  }

  private pump(): void {
    if (this.isReading || this.hasEnded || !this.hasAnswered) return
    if (this.sent >= this.total || this.sent - this.acked >= this.windowChunks * CHUNK_BYTES) return
    this.isReading = true
    const offset = this.sent
    this.read(offset)
      .then((data) => {
        this.isReading = false
        if (this.hasEnded || !this.hasAnswered) return
        if (offset === this.sent) {
          this.sent += data.length
          this.timed ??= { end: this.sent, sentMs: this.options.nowMs() }
          this.options.send({ type: 'chunk', id: this.id, offset, data })
        }
        this.pump()
      })
      .catch((error: unknown) => this.end(error as Error))
  }

  /** @returns a piece from `offset` on, within one part */
  private async read(offset: number): Promise<Buffer> {
    const { manifest, dir } = this.options
    let start = 0
    for (const { file, bytes } of manifest.parts) {
      if (offset < start + bytes) {
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, start + bytes - offset))
        const { bytesRead } = await (await this.handleOf(join(dir, file))).read(buffer, 0, buffer.length, offset - start)
        if (bytesRead === 0) throw new Error(`snapshot ${file} ends at ${offset - start}, the manifest says ${bytes}`)
        return buffer.subarray(0, bytesRead)
      }
      start += bytes
    }
    throw new Error(`snapshot sender: ${offset} is behind the end at ${start}`)
  }

  private async handleOf(name: string): Promise<FileHandle> {
    if (this.file?.name === name) return this.file.handle
    await this.closeFile()
    const handle = await open(name, 'r')
    this.file = { name, handle }
    if (this.hasEnded) await this.closeFile()
    return handle
  }

  private async closeFile(): Promise<void> {
    const { file } = this
    this.file = null
    await file?.handle.close()
  }

  private end(end: 'done' | 'silent' | 'refused' | Error): void {
    if (this.hasEnded) return
    this.stop()
    this.options.onEnd(end)
  }
}
