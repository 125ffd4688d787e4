/**
 * What a node must never do, whatever others do: checked from what it reads, writes and sends itself. Rules that need
 * to know the whole cluster are in `invariants.ts`.
 */
import type { Message, Ready } from '../raft/types'
import type { Host } from './surroundings'
import { violated } from './violation'

export class NodeRules {
  /** last append of the leader of its term, on its own clock */
  #heardMs = -Infinity
  /** something that may restart the election timer happened in this turn */
  #isTimerExcused = false
  /** a vote was granted in this turn */
  #hasGranted = false

  constructor(private readonly node: Host) {}

  restarts(): void {
    this.#heardMs = -Infinity
  }

  /** A message is about to be handed to the core. */
  turnBegins(): void {
    this.#isTimerExcused = false
    this.#hasGranted = false
  }

  campaigns(): void {
    this.#isTimerExcused = true
  }

  /** What leaves once it is durable may hold a vote. */
  answers(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.type === 'voteReply' && message.granted && !message.pre) this.#isTimerExcused = this.#hasGranted = true
    }
  }

  /**
   * The core has dealt with a message. An election timer is restarted only by the current leader, by a vote that was
   * granted, or by a campaign (Raft §5.2).
   *
   * @param beforeMs when the core wanted to look at its clock next, before the message came
   */
  received(message: Message, wasLeader: boolean, beforeMs: number): void {
    const { node } = this
    const isOfLeader = message.type === 'append' && message.term === node.term
    if (isOfLeader) this.#heardMs = node.localMs
    if (message.type === 'vote' && this.#hasGranted) this.#checkUpToDate(message)
    if (wasLeader || this.#isTimerExcused || node.role === 'leader' || node.raft!.nextTickMs() <= beforeMs) return
    if (isOfLeader) return
    violated('election timer', `${node.id} restarts it for a ${message.type} of term ${message.term} in term ${node.term}`)
  }

  /** Entries are about to be written: without gaps, and never over what is committed or what a leader wrote itself. */
  writes({ entries }: NonNullable<Ready['persist']>, events: Ready['events']): void {
    const { id, memory, commit, role, term } = this.node
    const [first] = entries
    if (first === undefined) return
    if (first.index > memory.last + 1) violated('log without gaps', `${id} writes ${first.index} after ${memory.last}`)
    if (first.index > memory.last) return
    if (!events.some((event) => event.kind === 'truncated')) violated('truncation is told', `${id} overwrites ${first.index}`)
    if (first.index <= commit) violated('commit never falls', `${id} overwrites the committed entry ${first.index}`)
    if (role === 'leader' && term === first.term) violated('a leader never overwrites its entries', `${id} at ${first.index}`)
  }

  /** Who hears a leader helps nobody against it (dissertation §9.6). */
  sends(message: Message): void {
    if (message.type !== 'voteReply' || !message.pre || !message.granted) return
    const { id, leader, role, localMs, around } = this.node
    const silentMs = localMs - this.#heardMs
    const isHeard = leader !== null && silentMs < around.patienceMs
    if (isHeard || role === 'leader') violated('no pre-vote against a leader that is heard', `${id} for ${message.to} after ${silentMs} ms`)
  }

  /** A vote goes to nobody whose log is behind: the later last term wins, only then the length counts (Raft §5.4.1). */
  #checkUpToDate({ from, lastTerm, lastIndex }: Extract<Message, { type: 'vote' }>): void {
    const { id, memory } = this.node
    const own = memory.term(memory.last) ?? 0
    if (lastTerm > own || (lastTerm === own && lastIndex >= memory.last)) return
    violated('votes only for logs up to date', `${id} (${memory.last} of term ${own}) for ${from} (${lastIndex} of term ${lastTerm})`)
  }
}
