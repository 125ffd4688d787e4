/** What the core has decided and the caller has not taken yet: messages, events and finished reads. */
import type { CoreEvent, LogIndex, Message, NodeId, ReadState } from './types'

/** One set of outboxes; `Ready` carries it away whole. */
interface Outboxes {
  sendNow: Message[]
  sendAfterPersist: Message[]
  snapshots: { to: NodeId; index: LogIndex }[]
  reads: ReadState[]
  failedReads: number[]
  events: CoreEvent[]
}

const empty = (): Outboxes => ({ sendNow: [], sendAfterPersist: [], snapshots: [], reads: [], failedReads: [], events: [] })

export class Outbox {
  #boxes = empty()

  /** Promises nothing that is not durable already. */
  sendNow(message: Message): void {
    this.#boxes.sendNow.push(message)
  }

  /** Promises a term, a vote or entries that a crash could still take back (Raft §5: persist before answering). */
  sendAfterPersist(message: Message): void {
    this.#boxes.sendAfterPersist.push(message)
  }

  /** This follower needs what was cut from the log. */
  snapshot(to: NodeId, index: LogIndex): void {
    this.#boxes.snapshots.push({ to, index })
  }

  readReady(read: ReadState): void {
    this.#boxes.reads.push(read)
  }

  readFailed(read: number): void {
    this.#boxes.failedReads.push(read)
  }

  event(event: CoreEvent): void {
    const { events } = this.#boxes
    // of several acknowledged rounds in one Ready the newest says everything
    if (event.kind === 'quorumAck' && events.at(-1)?.kind === 'quorumAck') events.pop()
    events.push(event)
  }

  isEmpty(): boolean {
    const { sendNow, sendAfterPersist, snapshots, reads, failedReads, events } = this.#boxes
    const messages = sendNow.length + sendAfterPersist.length
    return messages + snapshots.length + reads.length + failedReads.length + events.length === 0
  }

  take(): Outboxes {
    const taken = this.#boxes
    this.#boxes = empty()
    return taken
  }
}
