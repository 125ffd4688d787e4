/**
 * The core's vocabulary: what goes in, what comes out. The core is pure: it never reads a clock, draws a number,
 * touches a disk or a socket. Its caller hands in messages, ticks and proposals together with `nowMs`, takes a
 * `Ready`, and promises to send `sendNow` at once, and `sendAfterPersist` only when `persist` is durable.
 */

import type { Membership, NodeId } from './membership/membership'

export { decodeMembership, encodeMembership } from './membership/codec'
export type { Membership, NodeId } from './membership/membership'

/** Raft term, starts at 0; never falls. */
export type Term = number
/** Log index; the first entry has index 1, 0 means "nothing". */
export type LogIndex = number

/**
 * `noop`: a new leader's first entry (Raft §8). `command`: opaque bytes for the state machine.
 * `config`: who votes from this entry on (`encodeMembership`); nothing for the state machine.
 */
export interface Entry {
  readonly index: LogIndex
  readonly term: Term
  readonly type: 'noop' | 'command' | 'config'
  readonly data: Uint8Array
}

/** What must survive a crash beside the log (Raft fig. 2, persistent state). */
export interface HardState {
  term: Term
  vote: NodeId | null
}

/** A snapshot holds everything up to `index`; the core knows of it only this. */
export interface SnapshotMeta {
  readonly index: LogIndex
  /** term of the entry at `index` */
  readonly term: Term
  /** as of `index` */
  readonly membership: Membership
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
    /** `transfer`: the leader itself asked for this campaign (`timeoutNow`), so voters that still hear it answer all the same */
    | { type: 'vote'; pre: boolean; transfer: boolean; lastIndex: LogIndex; lastTerm: Term }
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
    /** the leader asks this voter to campaign at once (dissertation §3.10) */
    | { type: 'timeoutNow' }
  )

/** Something an operator would want on a timeline. */
export type CoreEvent =
  | { kind: 'role'; role: Role; term: Term; leader: NodeId | null }
  | { kind: 'campaign'; term: Term; pre: boolean }
  | { kind: 'quorumAck'; term: Term; sentMs: number }
  | { kind: 'quorumLost'; term: Term }
  | { kind: 'truncated'; fromIndex: LogIndex; toIndex: LogIndex; term: Term }
  /** first look at a silent leader: the election timeout passed without an append */
  | { kind: 'suspected'; term: Term; leader: NodeId; silentMs: number }
  /** second look: what a PreVote round said; `isGone` = a majority does not hear it either */
  | { kind: 'checked'; term: Term; leader: NodeId; isGone: boolean; silentMs: number }
  /** the shortest election timeout of this node, as it was and as it is now */
  | { kind: 'timeoutChanged'; fromMs: number; toMs: number; reason: string }
  | { kind: 'transfer'; term: Term; to: NodeId; stage: 'begun' | 'done' | 'given-up' }
  /**
   * a configuration took effect here. learner: a node is being brought up to date; joint: old and new voters decide
   * together; final: one set again; undone: back to what it was before the change;
   * forced: told by an operator, to a log that ends at `index`
   */
  | { kind: 'membership'; term: Term; index: LogIndex; membership: Membership; stage: 'learner' | 'joint' | 'final' | 'undone' | 'forced' }
  /** the own disk did not finish a write for an election timeout: a leader steps down, nobody campaigns until it answers */
  | { kind: 'diskStalled'; term: Term; silentMs: number; wasLeader: boolean }

export interface ReadState {
  /** the caller's own handle for this read */
  read: number
  /** answer once `applied` has reached this index */
  index: LogIndex
}

/** Everything the caller has to do. Taking it empties the core's outboxes. */
export interface Ready {
  sendNow: Message[]
  /**
   * null = nothing new to make durable. `entries` replace whatever the log holds from entries[0].index on. `restored`:
   * the log begins anew behind this snapshot, and nothing the disk held of it counts any more, before or after
   */
  persist: { seq: number; hardState: HardState | null; entries: Entry[]; restored: SnapshotMeta | null } | null
  /** to be sent once `persist` of this Ready (and all before) is durable; at once when nothing is outstanding */
  sendAfterPersist: Message[]
  /** newly committed entries, in order, each exactly once (a long stretch over several Readys); none before it is durable here */
  apply: Entry[]
  /**
   * stream the newest durable snapshot to these followers; it reaches at least to `index`, the last entry cut from this
   * log. Asked once; then it is the caller's to finish (the follower's `restore`) or to give up (`snapshotFailed`)
   */
  snapshots: { to: NodeId; index: LogIndex }[]
  /** reads whose leadership was confirmed */
  reads: ReadState[]
  /** reads that can't be served here any more (stepped down) */
  failedReads: number[]
  events: CoreEvent[]
}

/**
 * How election timeouts and heartbeats adapt. fixed: not at all. backoff: a leader's heartbeats to a silent peer double
 * their interval up to `maxProbeMs`. adaptive: election timeouts follow the measured round trips, between floor and ceiling.
 */
export type Timers =
  | { kind: 'fixed' }
  | { kind: 'backoff'; maxProbeMs: number }
  | { kind: 'adaptive'; floorMs: number; ceilingMs: number }

export interface RaftConfig {
  id: NodeId
  /** the first configuration of the cluster: the same on every node; what log or snapshot say about members replaces it */
  voters: readonly NodeId[]
  /** of the first configuration; none when absent */
  learners?: readonly NodeId[]
  /** fixed when absent */
  timers?: Timers
  /** 0…100, 100 when absent; the lower, the later this node campaigns, and it yields to higher ones (`priority.ts`) */
  priority?: number
  /** priorities of the others, 100 for those not named; when absent a leader never yields */
  peerPriorities?: Readonly<Record<NodeId, number>>
  /** lease reads; needs CheckQuorum and the same setting on every node. `driftPpm` bounds how wrong any node's clock runs */
  lease?: { driftPpm: number } | null
  /** how long a write may take before the disk counts as hung; the longest election timeout when absent, Infinity = for ever */
  diskStallMs?: number
  /** how long a change of members may take before it is undone; a minute when absent */
  changeLimitMs?: number
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
  /** bytes of entries on the way to one follower, past which no further append goes; no bound of its own when absent */
  maxInflightBytes?: number
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
  /** in effect here, committed once `commit` has reached `membershipIndex` (0 = the first configuration or a snapshot's) */
  membership: Membership
  membershipIndex: LogIndex
  /** leaders only: to whom leadership is being moved */
  transferTo: NodeId | null
  isDiskStalled: boolean
  /** leaders only: per follower */
  progress: Record<NodeId, { match: LogIndex; next: LogIndex; recentMs: number | null; mode: 'probe' | 'replicate' | 'snapshot' }>
}

/** Refusals are values: the caller maps them to HTTP. `index` is that of the first value; the k-th after it is at index + k. */
export type ProposeResult =
  | { ok: true; index: LogIndex; term: Term }
  | { ok: false; reason: 'not-leader'; leader: NodeId | null; term: Term }
  /** leadership is on its way to `leader`: ask there */
  | { ok: false; reason: 'transferring'; leader: NodeId; term: Term }
  | { ok: false; reason: 'overloaded' }

interface NotLeader {
  ok: false
  reason: 'not-leader'
  leader: NodeId | null
  term: Term
}

export type ReadResult = { ok: true } | NotLeader

/** `no-lease`: leadership is not certain enough at this moment; `readIndex` may still serve it. */
export type LeaseResult = { ok: true } | NotLeader | { ok: false; reason: 'no-lease' }

/** `busy`: another transfer or a change of members is under way. `silent`: the target did not answer for an election timeout. */
export type TransferResult = { ok: true } | NotLeader | { ok: false; reason: 'self' | 'not-a-voter' | 'busy' | 'silent' }

/** `atOnce`: with a vote from the first moment, whether it is caught up or answers at all */
export type MembershipChange = { add: NodeId; asLearner?: boolean; atOnce?: boolean } | { remove: NodeId }

/**
 * busy: one change at a time. not-ready: nothing of this leader's term is committed yet. would-lose-quorum: the voters
 * that answer now are no majority of the set this would make (`force` overrules). last-voter: nobody would be left.
 */
export type ChangeResult =
  | { ok: true; index: LogIndex }
  | NotLeader
  | { ok: false; reason: 'busy' | 'not-ready' | 'already-member' | 'not-a-member' | 'last-voter' }
  | { ok: false; reason: 'would-lose-quorum'; answering: readonly NodeId[]; needed: number }

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
  /** answered at once from the applied state if the leader's lease holds, without a round (dissertation §6.4.1) */
  readLease(read: number, nowMs: number): LeaseResult
  /** moves leadership; given up after an election timeout, proposals are refused meanwhile (dissertation §3.10) */
  transfer(to: NodeId, nowMs: number): TransferResult
  /** adds or removes one node; how far it is shows in `status().membership` and as events */
  changeMembership(change: MembershipChange, options: { force?: boolean }, nowMs: number): ChangeResult
  /** what a snapshot of the state at `index` has to carry; null when the log does not hold that index any more or not yet, or an older one covers it */
  snapshotMeta(index: LogIndex): SnapshotMeta | null
  /** forgets entries up to `index`, which a durable snapshot covers; how many to keep for stragglers is the caller's choice */
  compact(index: LogIndex): void
  /**
   * A snapshot received from the leader is durable here.
   *
   * @returns true: the log stands at it now, and so must the state machine before anything more is applied.
   * false: this node already knows more, and its state machine stays as it is
   */
  restore(meta: SnapshotMeta, nowMs: number): boolean
  /** the stream to this follower was given up; it is asked for again with the next heartbeat */
  snapshotFailed(to: NodeId): void
  /** round trip to a peer as the transport smooths it (RFC 6298); only adaptive timers listen */
  observeRtt(peer: NodeId, smoothedMs: number, varianceMs: number, nowMs: number): void
  hasReady(): boolean
  takeReady(): Ready
  /** everything up to this `persist.seq` is durable */
  persisted(seq: number, nowMs: number): void
  /** the state machine has applied up to here */
  applied(index: LogIndex): void
  status(): Status
}

/**
 * What a node finds on its disk. The snapshot may be of a later term than the hard state, entries may not. Entries at or
 * before the snapshot may be among `entries`: they stay for stragglers, but for the first, which only says what the second
 * follows. All of them are dropped when the one at the snapshot's index has another term or is missing (a snapshot became
 * durable, its `restored` did not).
 */
export interface Durable {
  hardState: HardState
  /** null or absent: the log begins at index 1 */
  snapshot?: SnapshotMeta | null
  /** an operator told this node who votes */
  forced?: ForcedMembership | null
  entries: readonly Entry[]
}

/**
 * Who votes from `term` on, by an operator's word and not by a quorum's: for a cluster that lost its voters for good.
 * What logs and snapshots of earlier terms say about members counts no more. The node begins in that term; what its log
 * holds stays, and the election among the survivors decides about it. Unsafe: what was acknowledged and never reached
 * them is lost, and an old quorum that comes back would decide beside them.
 */
export interface ForcedMembership {
  readonly term: Term
  readonly voters: readonly NodeId[]
}
