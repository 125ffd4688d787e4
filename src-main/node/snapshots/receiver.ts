/**
 * A snapshot that comes in from the leader, chunk by chunk into files. What has come stays when the connection breaks:
 * the next offer of the same snapshot goes on behind it; an offer of another one begins anew.
 */
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../storage/disk'
import { totalBytes, type Manifest } from './manifest'
import { CorruptSnapshot } from './part-files'
import { isSame, type SnapshotFrame, type StreamId } from './wire'

/** more than a sender ever has on its way; a chunk beyond it is dropped and comes again */
const WAITING_BYTES_MAX = 4 * 1024 * 1024

export interface ReceiverOptions {
  dir: string
  send: (to: string, frame: SnapshotFrame) => void
  /** every byte is here and synced: look at it and take it over. @returns when this node stands there, or knows more */
  onComplete: (manifest: Manifest) => Promise<void>
  /** what came was damaged: it will be sent again from the start */
  onDamaged: (error: Error) => void
  onFailure: (error: Error) => void
}

interface Incoming {
  id: StreamId
  manifest: Manifest
  received: number
  total: number
  file: { part: number; handle: FileHandle } | null
}

export class SnapshotReceiver {
  private incoming: Incoming | null = null
  /** the newest that was taken over */
  private done: StreamId | null = null
  private waitingBytes = 0
  private work: Promise<void> = Promise.resolve()
  private isStopped = false

  constructor(private readonly options: ReceiverOptions) {}

  /** @param isNeeded false: this node has all that is in it already */
  offer(from: string, { id, manifest }: Extract<SnapshotFrame, { type: 'offer' }>, isNeeded: boolean): void {
    this.inTurn(async () => {
      if (!isNeeded || (this.done !== null && isSame(this.done, id))) return this.ack(from, id, totalBytes(manifest), true)
      if (this.incoming === null || !isSame(this.incoming.id, id)) {
        await this.drop()
        await rm(this.options.dir, { recursive: true, force: true })
        await mkdir(this.options.dir, { recursive: true })
        this.incoming = { id, manifest, received: 0, total: totalBytes(manifest), file: null }
      }
      this.ack(from, id, this.incoming.received, false)
    })
  }

  chunk(from: string, { id, offset, data }: Extract<SnapshotFrame, { type: 'chunk' }>): void {
    if (this.waitingBytes + data.length > WAITING_BYTES_MAX) return
    this.waitingBytes += data.length
    this.inTurn(async () => {
      this.waitingBytes -= data.length
      const { incoming } = this
      if (incoming === null || !isSame(incoming.id, id)) return
      if (offset === incoming.received && offset + data.length <= incoming.total) await this.write(incoming, data)
      if (incoming.received === incoming.total) await this.complete(from, incoming)
      else this.ack(from, id, incoming.received, false) // also for a chunk that came twice, or after a gap
    })
  }

  async stop(): Promise<void> {
    this.isStopped = true
    await this.work
    await this.drop()
  }

  /** A chunk lies within one part; a part is synced when it is whole. */
  private async write(incoming: Incoming, data: Buffer): Promise<void> {
    const { parts } = incoming.manifest
    let [part, start] = [0, 0]
    while (incoming.received >= start + parts[part]!.bytes) start += parts[part++]!.bytes
    const at = incoming.received - start
    const { bytes, file } = parts[part]!
    if (at + data.length > bytes) return
    if (incoming.file?.part !== part) incoming.file = { part, handle: await open(join(this.options.dir, file), 'w', 0o600) }
    const { handle } = incoming.file
    for (let done = 0; done < data.length; ) {
      const { bytesWritten } = await handle.write(data, done, data.length - done, at + done)
      done += bytesWritten
    }
    incoming.received += data.length
    if (at + data.length < bytes) return
    await handle.sync()
    await handle.close()
    incoming.file = null
  }

  private async complete(from: string, incoming: Incoming): Promise<void> {
    await syncFolder(this.options.dir)
    try {
      await this.options.onComplete(incoming.manifest)
    } catch (error) {
      if (!(error instanceof CorruptSnapshot)) throw error
      this.incoming = null
      return this.options.onDamaged(error)
    }
    this.incoming = null
    this.done = incoming.id
    this.ack(from, incoming.id, incoming.total, true)
  }

  private async drop(): Promise<void> {
    await this.incoming?.file?.handle.close()
    this.incoming = null
  }

  private ack(to: string, id: StreamId, received: number, isDone: boolean): void {
    this.options.send(to, { type: 'ack', id, received, isDone })
  }

  private inTurn(work: () => Promise<void>): void {
    this.work = this.work.then(() => (this.isStopped ? undefined : work())).catch((error: unknown) => this.options.onFailure(error as Error))
  }
}
