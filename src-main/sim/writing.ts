/** What a node writes: into its memory at once, then to its simulated disk, one fsync at a time, and what it may say after that. */
import type { Message, Ready } from '../raft/types'
import type { NodeRules } from './node-rules'
import type { Host } from './surroundings'

export class Writing {
  constructor(
    private readonly node: Host,
    private readonly rules: NodeRules,
    private readonly send: (message: Message) => void,
  ) {}

  /** The log in memory, as the core has it now. */
  remember({ persist, events }: Ready): void {
    if (persist === null || persist.entries.length === 0) return
    const { memory, id, around } = this.node
    const first = persist.entries[0]!
    this.rules.writes(persist, events)
    let prevTerm = memory.term(first.index - 1) ?? 0
    memory.write({ hardState: null, entries: persist.entries })
    for (const entry of persist.entries) {
      around.invariants.appended(id, entry, prevTerm)
      prevTerm = entry.term
    }
  }

  write({ persist, sendAfterPersist }: Ready): void {
    const { disk } = this.node
    this.rules.answers(sendAfterPersist)
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
