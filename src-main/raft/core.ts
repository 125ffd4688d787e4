/** The state of one node's core, and how it changes its role. The rules live in the modules that take a `Core`. */
import { broken } from './invariant'
import type { RaftLog } from './log/log'
import type { MembershipHistory } from './membership/history'
import type { Outbox } from './outbox'
import type { Persistence } from './persistence'
import { timeoutFactor } from './priority'
import type { Reads } from './reads'
import type { Progress } from './tracker/progress'
import type { Rounds } from './tracker/rounds'
import type { LogIndex, NodeId, RaftConfig, Role, Term } from './types'

interface Follower {
  role: 'follower'
}

export interface Candidate {
  role: 'candidate'
  /** a PreVote round: nothing is promised, the term is not raised (dissertation §9.6) */
  pre: boolean
  granted: Set<NodeId>
  refused: Set<NodeId>
  /** whose silence began this */
  suspect: { leader: NodeId; sinceMs: number } | null
}

/** Leadership on its way to another voter. */
export interface Transfer {
  to: NodeId
  deadlineMs: number
  /** it has everything and was told to campaign */
  isAsked: boolean
}

export interface Leader {
  role: 'leader'
  followers: Map<NodeId, Progress>
  rounds: Rounds
  reads: Reads
  electedMs: number
  /** when the newest round began that a quorum has echoed */
  quorumMs: number | null
  heartbeatDueMs: number
  /** index of its no-op: the first entry it may commit by counting (Raft §5.4.2) */
  firstIndex: LogIndex
  /** size of everything after the commit index */
  uncommittedBytes: number
  transfer: Transfer | null
  /** in this term somebody was told to campaign: voters may answer although they hear this leader */
  hasAskedForCampaign: boolean
  /** what it watches while members change */
  change: {
    /** when the step under way is undone */
    deadlineMs: number
    /** the round of catching up under way: everything up to `target` was there when it began */
    catchUp: { target: LogIndex; sinceMs: number } | null
  }
}

export interface Core {
  readonly config: RaftConfig
  readonly log: RaftLog
  readonly members: MembershipHistory
  readonly outbox: Outbox
  readonly persistence: Persistence
  /** latest time the caller told; never goes back */
  nowMs: number
  term: Term
  vote: NodeId | null
  /** leader of this term, once heard of */
  leader: NodeId | null
  /** last append of a leader, also of a former one; the start of this process before the first */
  leaderContactMs: number
  /** newest round heard of `leader`; 0 = none */
  leaderRound: number
  commit: LogIndex
  /** last entry handed out in `Ready.apply` */
  applyHanded: LogIndex
  /** last entry the caller's state machine has applied */
  applied: LogIndex
  /** election timeouts are drawn from here now: the configured range, or what adaptive timers made of it */
  timeoutsMs: readonly [number, number]
  /** adaptive timers: the longest of the shorter ranges that were wanted since `sinceMs` */
  shrinking: { sinceMs: number; range: readonly [number, number]; reason: string } | null
  /** newest round trip of each link; kept only for adaptive timers */
  readonly roundTrips: Map<NodeId, { smoothedMs: number; varianceMs: number }>
  electionTimeoutMs: number
  electionDeadlineMs: number
  state: Follower | Candidate | Leader
  /** to whom this node, then leader, was moving its leadership; until it knows the next leader */
  handingTo: NodeId | null
  /** when this node, leading, next looks for a voter of higher priority; an attempt may cost it the leadership, so it outlives that */
  yieldDueMs: number
  /** the disk owes an answer for an election timeout: this node neither leads nor campaigns */
  isDiskStalled: boolean
  /** a leader may have something to send to its followers */
  isFlushDue: boolean
  /** last role event, so that only changes are told */
  told: { role: Role; term: Term; leader: NodeId | null } | null
}

/** Adopts `term` (clearing the vote when it is newer) and follows `leader`, or nobody yet. */
export function becomeFollower(core: Core, term: Term, leader: NodeId | null): void {
  if (term < core.term) broken(`${core.config.id} becomeFollower`, `term would fall from ${core.term} to ${term}`)
  const former = core.state
  if (term > core.term) {
    core.term = term
    core.vote = null
    core.leaderRound = 0
  }
  if (leader !== core.leader || leader === null) core.leaderRound = 0
  core.leader = leader
  core.state = { role: 'follower' }
  if (former.role === 'leader') {
    for (const read of former.reads.drain()) core.outbox.readFailed(read)
    if (former.transfer) core.handingTo = former.transfer.to
    drawElectionTimeout(core) // a leader has no election timer that could go on running
  }
  tellRole(core)
}

/**
 * A fresh timeout, counted from now. Only an append of the current leader, a granted vote and the start of an election
 * may restart the timer (Raft §5.2): anything else lets a node that can't win hold up those that can.
 */
export function drawElectionTimeout(core: Core): void {
  const [min, max] = core.timeoutsMs
  core.electionTimeoutMs = (min + core.config.random() * (max - min)) * timeoutFactor(core.config.priority)
  restartElectionTimer(core)
}

export function restartElectionTimer(core: Core): void {
  core.electionDeadlineMs = core.nowMs + core.electionTimeoutMs
}

export function tellRole(core: Core): void {
  const { told, term, leader, handingTo: to } = core
  if (to !== null && leader !== null) {
    core.handingTo = null
    core.outbox.event({ kind: 'transfer', term, to, stage: leader === to ? 'done' : 'given-up' })
  }
  const role = core.state.role
  if (told && told.role === role && told.term === term && told.leader === leader) return
  core.told = { role, term, leader }
  core.outbox.event({ kind: 'role', role, term, leader })
}

/** Commit only rises, and never past the end of the log. */
export function raiseCommit(core: Core, index: LogIndex): void {
  if (index <= core.commit || index > core.log.last) {
    broken(`${core.config.id} commit`, `from ${core.commit} to ${index} in a log that ends at ${core.log.last}`)
  }
  if (core.state.role === 'leader') {
    for (let i = core.commit + 1; i <= index; i++) core.state.uncommittedBytes -= core.log.entry(i).data.byteLength
  }
  core.commit = index
}
