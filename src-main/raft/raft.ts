/**
 * The core's face: every input comes in here, is dated, passes the rules on terms once (`step`), and goes to the
 * function of its role. Pure: equal inputs give equal outputs.
 */
import { appendOwn } from './appending'
import { becomeFollower } from './core'
import type { Core } from './core'
import { createCore } from './create'
import { watchDisk } from './disk-stall'
import { hearsLeader, onHardStateDurable, onTimeoutNow, onVote, onVoteReply, startElection } from './elections'
import { onAppend, refuseOldLeader } from './following'
import { broken } from './invariant'
import { acknowledgeRounds, beginRound, expireLeadership, onEntriesDurable, quorumDeadlineMs } from './leading'
import { readByLease } from './lease'
import { carryOnChange, changeMembers } from './membership/change'
import { onProgress, sendAppends } from './replication'
import { compact, metaAt, restore, snapshotFailed } from './snapshots'
import { statusOf } from './status'
import { observeRoundTrip } from './timers/adaptive'
import { onSignOfLife } from './timers/backoff'
import { beginTransfer, expireTransfer, yieldIfBetter } from './transfer'
import type {
  ChangeResult,
  Durable,
  LeaseResult,
  LogIndex,
  MembershipChange,
  Message,
  NodeId,
  ProposeResult,
  Raft,
  RaftConfig,
  ReadResult,
  Ready,
  SnapshotMeta,
  Status,
  TransferResult,
} from './types'

/** What a leader keeps uncommitted. Without a quorum nothing drains it, so this bounds the memory a cut-off leader takes: */
export const MAX_UNCOMMITTED_ENTRIES = 10_000
/** 64 values of the largest size (1 MiB), a second of writing for a laptop's disk. */
export const MAX_UNCOMMITTED_BYTES = 64 * 1024 * 1024
/** Applying is synchronous in the caller; a longer stretch would hold up its heartbeats. */
const MAX_APPLY_ENTRIES = 4096

/**
 * A core that starts as a follower with a random election timeout.
 *
 * @param durable what the node's disk holds
 * @param nowMs the caller's monotonic clock; every later time is on the same one
 * @throws when the configuration or what the disk holds can't be
 */
export function createRaft(config: RaftConfig, durable: Durable, nowMs: number): Raft {
  return new RaftNode(createCore(config, durable, nowMs))
}

class RaftNode implements Raft {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  tick(nowMs: number): void {
    const core = this.#enter(nowMs)
    const { state } = core
    if (state.role === 'leader') {
      if (core.nowMs >= state.heartbeatDueMs) {
        beginRound(core, state)
        yieldIfBetter(core, state)
      }
      carryOnChange(core)
    } else if (core.nowMs >= core.electionDeadlineMs) {
      startElection(core)
    }
  }

  nextTickMs(): number {
    const core = this.#core
    const { state } = core
    if (state.role !== 'leader') return core.electionDeadlineMs
    const nextMs = Math.min(state.heartbeatDueMs, state.transfer?.deadlineMs ?? Infinity)
    return core.config.checkQuorum ? Math.min(nextMs, quorumDeadlineMs(core, state)) : nextMs
  }

  receive(message: Message, nowMs: number): void {
    const core = this.#enter(nowMs)
    const { id } = core.config
    if (message.to !== id) broken(`${id} receive`, `a ${message.type} for ${message.to}`)
    if (message.from === id) return
    const { commit, term } = core
    if (core.state.role === 'leader') onSignOfLife(core, core.state, message.from)
    step(core, message)
    if (core.commit < commit || core.term < term) broken(`${id} receive`, `${message.type} took commit or term back`)
  }

  propose(data: readonly Uint8Array[], nowMs: number): ProposeResult {
    const core = this.#enter(nowMs)
    const { state, log, term } = core
    if (state.role !== 'leader') return { ok: false, reason: 'not-leader', leader: core.leader, term }
    if (state.transfer) return { ok: false, reason: 'transferring', leader: state.transfer.to, term }
    let bytes = state.uncommittedBytes
    for (const value of data) bytes += value.byteLength
    if (log.last - core.commit + data.length > MAX_UNCOMMITTED_ENTRIES || bytes > MAX_UNCOMMITTED_BYTES) {
      return { ok: false, reason: 'overloaded' }
    }
    const index = log.last + 1
    appendOwn(core, state, 'command', data)
    return { ok: true, index, term }
  }

  readIndex(read: number, nowMs: number): ReadResult {
    const core = this.#enter(nowMs)
    const { state } = core
    if (state.role !== 'leader') return { ok: false, reason: 'not-leader', leader: core.leader, term: core.term }
    state.reads.add(read)
    if (state.reads.wantsRound()) core.isFlushDue = true
    return { ok: true }
  }

  readLease(read: number, nowMs: number): LeaseResult {
    const core = this.#enter(nowMs)
    const { state, leader, term } = core
    if (state.role !== 'leader') return { ok: false, reason: 'not-leader', leader, term }
    return readByLease(core, state, read) ? { ok: true } : { ok: false, reason: 'no-lease' }
  }

  transfer(to: NodeId, nowMs: number): TransferResult {
    const core = this.#enter(nowMs)
    const { state, leader, term } = core
    return state.role === 'leader' ? beginTransfer(core, state, to) : { ok: false, reason: 'not-leader', leader, term }
  }

  changeMembership(change: MembershipChange, { force = false }: { force?: boolean }, nowMs: number): ChangeResult {
    const core = this.#enter(nowMs)
    const { state, leader, term } = core
    return state.role === 'leader' ? changeMembers(core, state, change, force) : { ok: false, reason: 'not-leader', leader, term }
  }

  snapshotMeta(index: LogIndex): SnapshotMeta | null {
    return metaAt(this.#core, index)
  }

  compact(index: LogIndex): void {
    compact(this.#core, index)
  }

  restore(meta: SnapshotMeta, nowMs: number): boolean {
    return restore(this.#enter(nowMs), meta)
  }

  snapshotFailed(to: NodeId): void {
    snapshotFailed(this.#core, to)
  }

  observeRtt(peer: NodeId, smoothedMs: number, varianceMs: number, nowMs: number): void {
    observeRoundTrip(this.#enter(nowMs), peer, smoothedMs, varianceMs)
  }

  hasReady(): boolean {
    const { isFlushDue, outbox, persistence, term, vote, log } = this.#core
    return isFlushDue || !outbox.isEmpty() || persistence.hasWork(term, vote, log) || this.#applyUntil() > this.#core.applyHanded
  }

  takeReady(): Ready {
    const core = this.#core
    if (core.state.role === 'leader') {
      if (core.state.reads.wantsRound()) beginRound(core, core.state)
      if (core.isFlushDue) sendAppends(core, core.state)
    }
    core.isFlushDue = false
    const until = this.#applyUntil()
    const apply = core.log.slice(core.applyHanded + 1, until)
    core.applyHanded = until
    return { ...core.outbox.take(), persist: core.persistence.take(core.term, core.vote, core.log, core.nowMs), apply }
  }

  persisted(seq: number, nowMs: number): void {
    const core = this.#enter(nowMs)
    core.persistence.persisted(seq, core.log, core.nowMs)
    core.isDiskStalled = false
    onHardStateDurable(core)
    onEntriesDurable(core)
    carryOnChange(core)
  }

  applied(index: LogIndex): void {
    const core = this.#core
    if (index < core.applied || index > core.applyHanded) {
      broken(`${core.config.id} applied`, `${index}, after ${core.applied}, of ${core.applyHanded} handed out`)
    }
    core.applied = index
  }

  status(): Status {
    return statusOf(this.#core)
  }

  /** Committed and durable here: a crash must not forget what the state machine has seen. */
  #applyUntil(): LogIndex {
    const { commit, log, applyHanded } = this.#core
    return Math.max(applyHanded, Math.min(commit, log.durable, applyHanded + MAX_APPLY_ENTRIES))
  }

  /** Time passed before anything else happens: a leader that slept through its term must not serve first and notice later. */
  #enter(nowMs: number): Core {
    const core = this.#core
    core.nowMs = Math.max(core.nowMs, nowMs)
    expireLeadership(core)
    expireTransfer(core)
    watchDisk(core)
    return core
  }
}

/** The rules on terms (Raft §5.1), once for all messages, then what the message asks. */
function step(core: Core, message: Message): void {
  if (message.term > core.term && !promisesNothing(message)) {
    // A voter that hears a leader ignores campaigns altogether, their term too (dissertation §4.2.3, CheckQuorum's other half).
    // Unless that very leader asked for the campaign.
    if (message.type === 'vote' && !message.transfer && core.config.checkQuorum && hearsLeader(core)) return
    const isFromLeader = message.type === 'append' || message.type === 'timeoutNow'
    becomeFollower(core, message.term, isFromLeader ? message.from : null)
  }
  switch (message.type) {
    case 'vote':
      return onVote(core, message)
    case 'timeoutNow':
      return message.term < core.term ? undefined : onTimeoutNow(core, message.from)
    case 'append':
      return message.term < core.term ? refuseOldLeader(core, message) : onAppend(core, message)
    case 'voteReply':
      return message.term < core.term ? undefined : onVoteReply(core, message) // stale replies say nothing
    case 'appendReply':
      return message.term < core.term ? undefined : onAppendReply(core, message)
  }
}

/** PreVote requests and grants name a term that nobody is in yet. */
function promisesNothing(message: Message): boolean {
  return (message.type === 'vote' && message.pre) || (message.type === 'voteReply' && message.pre && message.granted)
}

function onAppendReply(core: Core, message: Extract<Message, { type: 'appendReply' }>): void {
  const { state } = core
  if (state.role !== 'leader') return // it led this term, and stepped down without a quorum
  const follower = state.followers.get(message.from)
  if (!follower || message.round === 0) return // round 0 answers an append of an earlier term
  if (message.round > state.rounds.current) broken(`${core.config.id} onAppendReply`, `round ${message.round} never began`)
  follower.recentMs = core.nowMs
  follower.round = Math.max(follower.round, message.round)
  onProgress(core, state, follower, message)
  acknowledgeRounds(core, state)
  carryOnChange(core)
}
