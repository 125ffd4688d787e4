/** A leader's term in office: it starts with a no-op, dates its leadership by rounds, and ends without a quorum. */
import { appendOwn } from './appending'
import { becomeFollower, tellRole } from './core'
import type { Core, Leader } from './core'
import { advanceCommit } from './replication'
import { CHANGE_LIMIT_MS } from './membership/change'
import { encodeMembership } from './membership/codec'
import { followMembers } from './membership/effect'
import { reachedByQuorum } from './quorum/joint'
import { Reads } from './reads'
import { isHeartbeatDue } from './timers/backoff'
import { Rounds } from './tracker/rounds'
import { answers, repeatTransfer } from './transfer'
import type { NodeId } from './types'

const NOTHING = new Uint8Array(0)

/** The election is won. */
export function lead(core: Core): void {
  const { config, log } = core
  const firstIndex = log.last + 1
  let uncommittedBytes = 0
  for (let i = core.commit + 1; i < firstIndex; i++) uncommittedBytes += log.entry(i).data.byteLength
  const leader: Leader = {
    role: 'leader',
    followers: new Map(),
    rounds: new Rounds(),
    reads: new Reads(),
    electedMs: core.nowMs,
    quorumMs: null,
    heartbeatDueMs: core.nowMs,
    firstIndex,
    uncommittedBytes,
    transfer: null,
    hasAskedForCampaign: false,
    change: { deadlineMs: core.nowMs + (config.changeLimitMs ?? CHANGE_LIMIT_MS), catchUp: null },
  }
  core.state = leader
  core.yieldDueMs = Math.max(core.yieldDueMs, core.nowMs + core.timeoutsMs[1])
  core.leader = config.id
  followMembers(core, leader, firstIndex)
  tellRole(core)
  appendOwn(core, leader, 'noop', [NOTHING]) // Raft §8: only an own entry commits what earlier leaders left
  // from here on an entry says what an operator said: whoever gets this log needs no word of his any more
  if (core.members.isForced) appendOwn(core, leader, 'config', [encodeMembership(core.members.current)])
  beginRound(core, leader)
}

/** A new broadcast: every follower is told, and every read that waits goes along. */
export function beginRound(core: Core, leader: Leader): void {
  const round = leader.rounds.begin(core.nowMs)
  leader.heartbeatDueMs = core.nowMs + core.config.heartbeatMs
  leader.reads.assign(round, Math.max(core.commit, leader.firstIndex))
  for (const follower of leader.followers.values()) {
    if (!answers(core, follower)) follower.fellSilent(core.log.first)
    follower.heartbeatDue = isHeartbeatDue(core, follower)
  }
  core.isFlushDue = true
  repeatTransfer(core, leader)
  acknowledgeRounds(core, leader) // a leader alone is its own quorum
}

/** Someone echoed a round: a quorum may have reached a newer one. */
export function acknowledgeRounds(core: Core, leader: Leader): void {
  const { members, config } = core
  const roundOf = (id: NodeId): number => (id === config.id ? leader.rounds.current : (leader.followers.get(id)?.round ?? 0))
  const sentMs = leader.rounds.acknowledge(reachedByQuorum(members.current, roundOf))
  if (sentMs !== null) {
    leader.quorumMs = sentMs
    core.outbox.event({ kind: 'quorumAck', term: core.term, sentMs })
  }
  releaseReads(core, leader)
}

/** Reads whose round a quorum has echoed; none before an entry of the own term is committed (dissertation §6.4). */
function releaseReads(core: Core, leader: Leader): void {
  if (core.commit < leader.firstIndex) return
  for (const read of leader.reads.release(leader.rounds.acknowledged)) core.outbox.readReady(read)
  if (leader.reads.wantsRound()) core.isFlushDue = true
}

/**
 * When CheckQuorum ends this leadership unless a quorum answers before. The *longest* election timeout after the last
 * contact: by then every follower that heard nothing has started an election, and a shorter hiccup deposes nobody.
 */
export function quorumDeadlineMs(core: Core, leader: Leader): number {
  const contactMs = (id: NodeId): number => {
    if (id === core.config.id) return core.nowMs
    const follower = leader.followers.get(id)
    return follower?.recentMs ?? follower?.sinceMs ?? leader.electedMs
  }
  return reachedByQuorum(core.members.current, contactMs) + core.timeoutsMs[1]
}

/** Steps down a leader that heard from no quorum for an election timeout, before it says anything else: a pause may be behind it. */
export function expireLeadership(core: Core): void {
  const { state } = core
  if (state.role !== 'leader' || !core.config.checkQuorum || core.nowMs < quorumDeadlineMs(core, state)) return
  core.outbox.event({ kind: 'quorumLost', term: core.term })
  becomeFollower(core, core.term, null)
}

/** Own entries became durable: the leader's vote for them counts from now on. */
export function onEntriesDurable(core: Core): void {
  if (core.state.role !== 'leader') return
  advanceCommit(core, core.state)
  releaseReads(core, core.state)
}
