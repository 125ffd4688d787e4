/** All snapshots on their way from and to this node: one sender a follower, each at its own pace, and one receiver. */
import type { NodeId, Term } from '../../raft/types'
import type { StateMachine } from '../state/machine'
import type { Manifest } from './manifest'
import { SnapshotReceiver } from './receiver'
import { SnapshotSender } from './sender'
import type { SnapshotStore } from './store'
import { decodeSnapshotFrame, type SnapshotFrame } from './wire'

/** a follower that says nothing for so long is asked again when it is heard of */
const GIVE_UP_MS = 15_000

export interface StreamsOptions {
  store: SnapshotStore
  nowMs: () => number
  send: (to: NodeId, frame: SnapshotFrame) => void
  term: () => Term
  /** entries up to here are committed and known at this node */
  known: () => number
  /** the received snapshot is durable; the state is what it holds */
  onInstalled: (manifest: Manifest, machine: StateMachine) => void
  /** the stream to this follower was given up */
  onGivenUp: (to: NodeId) => void
  onNote: (text: string) => void
  onFailure: (error: Error) => void
}

export class SnapshotStreams {
  private readonly senders = new Map<NodeId, { sender: SnapshotSender; manifest: Manifest }>()
  private readonly receiver: SnapshotReceiver

  constructor(private readonly options: StreamsOptions) {
    const { store, send, onNote, onFailure } = options
    this.receiver = new SnapshotReceiver({
      dir: store.incomingDir,
      send,
      onComplete: async (manifest) => {
        const machine = await store.install(manifest)
        options.onInstalled(manifest, machine)
      },
      onDamaged: (error) => onNote(`a received snapshot was damaged and is asked for again: ${error.message}`),
      onFailure,
    })
  }

  /** Streams the newest snapshot to this follower; nothing happens while one is on its way there. */
  start(to: NodeId): void {
    if (this.senders.has(to)) return
    const { store, nowMs, term, send, onGivenUp, onNote, onFailure } = this.options
    const manifest = store.pin()
    if (manifest === null) return onGivenUp(to)
    const sender = new SnapshotSender({
      manifest,
      dir: store.dir,
      term: term(),
      nowMs,
      giveUpMs: GIVE_UP_MS,
      send: (frame) => send(to, frame),
      onEnd: (end) => {
        this.forget(to)
        if (end === 'done') return onNote(`the snapshot of entry ${manifest.index} is at ${to}`)
        onGivenUp(to)
        if (end === 'silent') onNote(`the snapshot for ${to} was given up: no answer within ${GIVE_UP_MS} ms`)
        else if (end === 'refused') onNote(`the snapshot for ${to} was given up: it could not use what it got`)
        else onFailure(end)
      },
    })
    this.senders.set(to, { sender, manifest })
    onNote(`the snapshot of entry ${manifest.index} goes to ${to}, which needs what was cut from the log`)
    sender.start()
  }

  /** @returns false when the bytes are no such frame */
  take(from: NodeId, bytes: Buffer, start: number): boolean {
    const frame = decodeSnapshotFrame(bytes, start)
    switch (frame?.type) {
      case undefined:
        return false
      case 'ack':
        this.senders.get(from)?.sender.take(frame)
        return true
      case 'offer': {
        // a leader of the past has nothing to say; one of a newer term makes itself known by its messages first
        if (frame.term === this.options.term()) this.receiver.offer(from, frame, frame.manifest.index > this.options.known())
        return true
      }
      case 'chunk':
        this.receiver.chunk(from, frame)
        return true
    }
  }

  /** This node leads no more. */
  stopSending(): void {
    for (const [to, { sender }] of this.senders) {
      sender.stop()
      this.forget(to)
    }
  }

  async stop(): Promise<void> {
    this.stopSending()
    await this.receiver.stop()
  }

  /** what is on its way, by follower */
  sending(): NodeId[] {
    return [...this.senders.keys()]
  }

  private forget(to: NodeId): void {
    const entry = this.senders.get(to)
    if (entry !== undefined) this.options.store.unpin(entry.manifest)
    this.senders.delete(to)
  }
}

