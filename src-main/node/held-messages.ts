/** Messages that promise something which is not durable yet: they wait for the log, in order (Raft §5: persist before answering). */
import type { Message } from '../raft/types'

export class HeldMessages {
  private readonly held: { seq: number; messages: Message[] }[] = []

  /** @param seq what has to be durable first; never lower than before */
  hold(seq: number, messages: Message[]): void {
    this.held.push({ seq, messages })
  }

  release(durableSeq: number, send: (message: Message) => void): void {
    let released = 0
    for (const { seq, messages } of this.held) {
      if (seq > durableSeq) break
      for (const message of messages) send(message)
      released++
    }
    this.held.splice(0, released)
  }
}
