/**
 * A snapshot that comes in from the leader, chunk by chunk. What has come stays when the connection breaks or this
 * process ends: the next offer of the same snapshot goes on behind it; an offer of another one begins anew.
 */
import { totalBytes, type Manifest } from './manifest'
import { CorruptSnapshot } from './part-files'
import { PartialSnapshot } from './partial'
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

export class SnapshotReceiver {
  private incoming: PartialSnapshot | null = null
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
        this.incoming = await PartialSnapshot.open(this.options.dir, id, manifest)
      }
      await this.advanced(from, this.incoming)
    })
  }

  chunk(from: string, { id, offset, data }: Extract<SnapshotFrame, { type: 'chunk' }>): void {
    if (this.waitingBytes + data.length > WAITING_BYTES_MAX) return
    this.waitingBytes += data.length
    this.inTurn(async () => {
      this.waitingBytes -= data.length
      const { incoming } = this
      if (incoming === null || !isSame(incoming.id, id)) return
      await incoming.write(offset, data)
      await this.advanced(from, incoming)
    })
  }

  async stop(): Promise<void> {
    this.isStopped = true
    await this.work
    await this.drop()
  }

  /** Tells how far it is, also after a chunk that came twice or after a gap; an offer may find everything here. */
  private advanced(from: string, incoming: PartialSnapshot): Promise<void> | void {
    if (incoming.received === incoming.total) return this.complete(from, incoming)
    this.ack(from, incoming.id, incoming.received, false)
  }

  private async complete(from: string, incoming: PartialSnapshot): Promise<void> {
    await incoming.sync()
    const damage = await this.options.onComplete(incoming.manifest).then(() => null, corruption)
    await incoming.remove()
    this.incoming = null
    if (damage !== null) return this.options.onDamaged(damage)
    this.done = incoming.id
    this.ack(from, incoming.id, incoming.total, true)
  }

  private async drop(): Promise<void> {
    await this.incoming?.close()
    this.incoming = null
  }

  private ack(to: string, id: StreamId, received: number, isDone: boolean): void {
    this.options.send(to, { type: 'ack', id, received, isDone })
  }

  private inTurn(work: () => Promise<void>): void {
    this.work = this.work.then(() => (this.isStopped ? undefined : work())).catch((error: unknown) => this.options.onFailure(error as Error))
  }
}

/** What another try mends; every other failure is the disk's. */
function corruption(error: unknown): CorruptSnapshot {
  if (error instanceof CorruptSnapshot) return error
  throw error
}
