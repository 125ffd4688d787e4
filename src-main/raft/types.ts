/**
 * The core's vocabulary: what goes in, what comes out. The core is pure: it never reads a clock, draws a number,
 * touches a disk or a socket. Its caller hands in messages, ticks and proposals together with `nowMs`, takes a
 * `Ready`, and promises to send `sendNow` at once, and `sendAfterPersist` only when `persist` is durable.
 */

export type NodeId = string
/** Raft term, starts at 0; never falls. */
export type Term = number
/** Log index; the first entry has index 1, 0 means "nothing". */
export type LogIndex = number

/** `noop`: a new leader's first entry (Raft §8). `command`: opaque bytes for the state machine. */
export interface Entry {
  readonly index: LogIndex
  readonly term: Term
  readonly type: 'noop' | 'command'
  readonly data: Uint8Array
}

/** What must survive a crash beside the log (Raft fig. 2, persistent state). */
export interface HardState {
  term: Term
  vote: NodeId | null
}

export type Role = 'leader' | 'follower' | 'candidate'

interface Envelope {
  from: NodeId
  to: NodeId
  /** the sender's term; in a PreVote round the term it would campaign in */
  term: Term
}

export type Message = Envelope &
  (
    | { type: 'vote'; pre: boolean; lastIndex: LogIndex; lastTerm: Term }
    | { type: 'voteReply'; pre: boolean; granted: boolean }
    | {
        type: 'append'
        prevIndex: LogIndex
        prevTerm: Term
        entries: readonly Entry[]
        commit: LogIndex
        /** counts a leader's broadcasts; its echo proves that the receiver still followed this leader then (ReadIndex) */
        round: number
      }
    | {
        type: 'appendReply'
        /** the echo; 0 when the append was of an older term, so that it proves nothing in this one */
        round: number
        accepted: boolean
        /**
         * accepted: everything up to here is in the follower's log as in the leader's, and durable: prevIndex + entries.length,
         * or less in the echo of a heartbeat while that is still being written. rejected: the prevIndex that was refused,
         * which tells a late rejection from a new one
         */
        match: LogIndex
        /** rejected: where to look next: first index of the follower's term there (`conflictTerm`), or its last + 1 (term 0) */
        conflictIndex: LogIndex
        conflictTerm: Term
      }
  )

/** Something an operator would want on a timeline. */
export type CoreEvent =
  | { kind: 'role'; role: Role; term: Term; leader: NodeId | null }
  | { kind: 'campaign'; term: Term; pre: boolean }
  | { kind: 'quorumAck'; term: Term; sentMs: number }
  | { kind: 'quorumLost'; term: Term }
  | { kind: 'truncated'; fromIndex: LogIndex; toIndex: LogIndex; term: Term }

export interface ReadState {
  /** the caller's own handle for this read */
  read: number
  /** answer once `applied` has reached this index */
  index: LogIndex
}

/** Everything the caller has to do. Taking it empties the core's outboxes. */
export interface Ready {
  sendNow: Message[]
  /** null = nothing new to make durable. `entries` replace whatever the log holds from entries[0].index on */
  persist: { seq: number; hardState: HardState | null; entries: Entry[] } | null
  /** to be sent once `persist` of this Ready (and all before) is durable; at once when nothing is outstanding */
  sendAfterPersist: Message[]
  /** newly committed entries, in order, each exactly once (a long stretch over several Readys); none before it is durable here */
  apply: Entry[]
  /** reads whose leadership was confirmed */
  reads: ReadState[]
  /** reads that can't be served here any more (stepped down) */
  failedReads: number[]
  events: CoreEvent[]
}

export interface RaftConfig {
  id: NodeId
  voters: readonly NodeId[]
  heartbeatMs: number
  /** each election timeout is drawn uniformly from this range, both ends included */
  electionTimeoutMs: readonly [number, number]
  preVote: boolean
  checkQuorum: boolean
  /** uniform in [0, 1); the only source of chance */
  random: () => number
  /** bounds of one append message */
  maxEntriesPerMessage: number
  maxBytesPerMessage: number
  /** appends on the way to one follower */
  maxInflight: number
}

export interface Status {
  id: NodeId
  role: Role
  term: Term
  leader: NodeId | null
  vote: NodeId | null
  commit: LogIndex
  applied: LogIndex
  first: LogIndex
  last: LogIndex
  durable: LogIndex
  electionTimeoutMs: number
  /** leaders only: per follower */
  progress: Record<NodeId, { match: LogIndex; next: LogIndex; recentMs: number | null }>
}

/** Refusals are values: the caller maps them to HTTP. `index` is that of the first value; the k-th after it is at index + k. */
export type ProposeResult =
  | { ok: true; index: LogIndex; term: Term }
  | { ok: false; reason: 'not-leader'; leader: NodeId | null; term: Term }
  | { ok: false; reason: 'overloaded' }

export type ReadResult = { ok: true } | { ok: false; reason: 'not-leader'; leader: NodeId | null; term: Term }

/** The core's face; `createRaft` in `raft.ts` makes one from what is durable. */
export interface Raft {
  /** time passed: election and heartbeat timers, CheckQuorum */
  tick(nowMs: number): void
  /** when `tick` next has something to do */
  nextTickMs(): number
  receive(message: Message, nowMs: number): void
  propose(data: readonly Uint8Array[], nowMs: number): ProposeResult
  /** linearizable read (ReadIndex, dissertation §6.4); several are confirmed by one round */
  readIndex(read: number, nowMs: number): ReadResult
  hasReady(): boolean
  takeReady(): Ready
  /** everything up to this `persist.seq` is durable */
  persisted(seq: number, nowMs: number): void
  /** the state machine has applied up to here */
  applied(index: LogIndex): void
  status(): Status
}

/** What a node finds on its disk. */
export interface Durable {
  hardState: HardState
  /** entries from index 1 on */
  entries: readonly Entry[]
}
