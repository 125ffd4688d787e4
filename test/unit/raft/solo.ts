/** One core among peers that are played by the test, message by message. */
import { createRaft } from '../../../src-main/raft/raft'
import type { Entry, HardState, Membership, Message, NodeId, Raft, RaftConfig, Ready, SnapshotMeta } from '../../../src-main/raft/types'

/** The part of a message that a test wants to say; the rest is filled in. */
type Said<T extends Message['type']> = Partial<Extract<Message, { type: T }>>

/** @returns a log from index `first` on, whose entries have these terms: the notation of the paper's figures */
export function logOf(terms: number[], first = 1): Entry[] {
  const data = (term: number, i: number): Uint8Array => new TextEncoder().encode(`${term}.${first + i}`)
  return terms.map((term, i) => ({ index: first + i, term, type: 'command', data: data(term, i) }))
}

export const membersOf = (...voters: NodeId[]): Membership => ({ voters, outgoing: [], learners: [] })

export const snapshotAt = (index: number, term: number, membership = membersOf('n1', 'n2', 'n3')): SnapshotMeta => ({ index, term, membership })

export interface SoloOptions {
  voters?: NodeId[]
  log?: number[]
  hardState?: HardState
  /** `log` follows it */
  snapshot?: SnapshotMeta
  raft?: Partial<RaftConfig>
}

export class Solo {
  readonly raft: Raft
  readonly config: RaftConfig
  nowMs = 0
  #seq = 0
  readonly #voters: NodeId[]

  /** n1, a follower with these terms in its log; its election timeout is always 150 ms */
  constructor({ voters = ['n1', 'n2', 'n3'], log = [], hardState, snapshot, raft }: SoloOptions = {}) {
    this.#voters = voters
    this.config = {
      id: 'n1',
      voters,
      heartbeatMs: 50,
      electionTimeoutMs: [150, 300],
      preVote: false,
      checkQuorum: false,
      random: () => 0,
      maxEntriesPerMessage: 100,
      maxBytesPerMessage: 1 << 20,
      maxInflight: 4,
      ...raft,
    }
    const term = log.at(-1) ?? snapshot?.term ?? 0
    const entries = logOf(log, (snapshot?.index ?? 0) + 1)
    this.raft = createRaft(this.config, { hardState: hardState ?? { term, vote: null }, snapshot, entries }, 0)
  }

  /** Lets time pass and ticks. */
  pass(ms: number): void {
    this.nowMs += ms
    this.raft.tick(this.nowMs)
  }

  /** Takes one Ready and leaves its write unfinished. */
  take(): Ready {
    const ready = this.raft.takeReady()
    if (ready.persist) this.#seq = ready.persist.seq
    return ready
  }

  /** Everything taken so far reaches the disk. */
  persist(): void {
    this.raft.persisted(this.#seq, this.nowMs)
  }

  /** Does all there is to do, on an instant disk. @returns all of it as one */
  settle(): Omit<Ready, 'persist'> & { sent: Message[] } {
    const all: ReturnType<Solo['settle']> = { sendNow: [], sendAfterPersist: [], snapshots: [], apply: [], reads: [], failedReads: [], events: [], sent: [] }
    while (this.raft.hasReady()) {
      const ready = this.take()
      if (ready.persist) this.persist()
      all.sent.push(...ready.sendNow, ...ready.sendAfterPersist)
      all.sendNow.push(...ready.sendNow)
      all.sendAfterPersist.push(...ready.sendAfterPersist)
      all.apply.push(...ready.apply)
      all.snapshots.push(...ready.snapshots)
      all.reads.push(...ready.reads)
      all.failedReads.push(...ready.failedReads)
      all.events.push(...ready.events)
    }
    return all
  }

  vote(said: Said<'vote'>): void {
    this.receive({ type: 'vote', from: 'n2', to: 'n1', term: 1, pre: false, transfer: false, lastIndex: 0, lastTerm: 0, ...said })
  }

  voteReply(said: Said<'voteReply'>): void {
    const { term } = this.raft.status()
    this.receive({ type: 'voteReply', from: 'n2', to: 'n1', term, pre: false, granted: true, ...said })
  }

  append(said: Said<'append'>): void {
    const { term } = this.raft.status()
    this.receive({ type: 'append', from: 'n2', to: 'n1', term, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1, ...said })
  }

  appendReply(said: Said<'appendReply'>): void {
    const { term } = this.raft.status()
    const rest = { round: 1, accepted: true, match: 0, conflictIndex: 0, conflictTerm: 0 }
    this.receive({ type: 'appendReply', from: 'n2', to: 'n1', term, ...rest, ...said })
  }

  /** Becomes leader of the next term by the votes of all others; its first messages are thrown away. */
  win(): void {
    this.pass(this.raft.nextTickMs() - this.nowMs)
    this.settle()
    for (const from of this.#voters.slice(1)) if (this.raft.status().role === 'candidate') this.voteReply({ from })
    this.settle()
    if (this.raft.status().role !== 'leader') throw new Error('did not win')
  }

  receive(message: Message): void {
    this.raft.receive(message, this.nowMs)
  }
}

export function ofType<T extends Message['type']>(messages: readonly Message[], type: T): Extract<Message, { type: T }>[] {
  return messages.filter((message): message is Extract<Message, { type: T }> => message.type === type)
}
