/** What a node writes down, and what it may say once that is durable: one fsync at a time on its simulated disk. */
import type { Message, Ready } from '../raft/types'
import type { Host } from './surroundings'

export class Writing {
  constructor(
    private readonly node: Host,
    private readonly send: (message: Message) => void,
  ) {}

  take({ persist, sendAfterPersist }: Ready): void {
    const { disk } = this.node
    if (persist !== null) {
      disk.queue({ persist, send: [...sendAfterPersist] })
      this.#sync()
    } else if (sendAfterPersist.length > 0 && !disk.hold(sendAfterPersist)) {
      for (const message of sendAfterPersist) this.send(message)
    }
  }

  #sync(): void {
    const { disk, life, number, around } = this.node
    if (!disk.beginSync()) return
    const syncMs = around.syncMs(number)
    around.agenda.after(syncMs, () => this.node.happen(life, () => this.#synced()))
    around.syncing(number, syncMs)
  }

  #synced(): void {
    const { node } = this
    let seq = 0
    node.disk.endSync(({ persist, send }) => {
      seq = persist.seq
      for (const message of send) this.send(message)
    })
    node.raft!.persisted(seq, node.localMs)
    node.pump()
    this.#sync()
  }
}
