/**
 * Who may lead: PreVote, vote and their replies (Raft §5.2, §5.4.1; dissertation §9.6 PreVote, §6.2 and §4.2.3 on
 * leaders that lose touch and on servers that still hear one).
 */
import { becomeFollower, drawElectionTimeout, restartElectionTimer, tellRole } from './core'
import type { Candidate, Core } from './core'
import { lead } from './leading'
import { allVoters, isVoter } from './membership/sets'
import { quorumBallot } from './quorum/joint'
import { fallBack } from './timers/adaptive'
import type { LogIndex, Message, NodeId, Term } from './types'

type Vote = Extract<Message, { type: 'vote' }>
type VoteReply = Extract<Message, { type: 'voteReply' }>

/** The election timer ran out. Who has no vote has no say either, and goes on waiting. */
export function startElection(core: Core): void {
  if (!mayCampaign(core)) return drawElectionTimeout(core)
  if (core.leader !== null) {
    const { term, leader, nowMs, leaderContactMs } = core
    core.outbox.event({ kind: 'suspected', term, leader, silentMs: nowMs - leaderContactMs })
    fallBack(core)
  }
  ask(core, core.config.preVote, false)
}

/**
 * Voters may, and so may a node that an entry removed which it does not know to be committed: it may be the only one
 * that has this entry, and the others could not win against its log (dissertation §4.2.2). Its own vote does not count.
 */
function mayCampaign({ members, commit, config, isDiskStalled }: Core): boolean {
  if (isDiskStalled) return false // its own vote could not become durable
  return isVoter(members.current, config.id) || (commit < members.index && isVoter(members.at(commit), config.id))
}

/** The leader of this term wants this node to lead: no PreVote, which would only confirm that the leader is alive. */
export function onTimeoutNow(core: Core, from: NodeId): void {
  if (core.leader !== from || core.state.role !== 'follower' || core.isDiskStalled) return
  if (!isVoter(core.members.current, core.config.id)) return
  ask(core, false, true)
}

/**
 * Whether a leader is alive as far as this node can tell. As long as it is, a node that only lost *its* link to the
 * leader must not depose it.
 */
export function hearsLeader(core: Core): boolean {
  if (core.state.role === 'leader') return true
  // A lease counts on this node's silence, whatever term it is in now and whatever a restart made it forget.
  if (core.config.lease && core.nowMs - core.leaderContactMs < core.timeoutsMs[0]) return true
  return core.leader !== null && core.nowMs - core.leaderContactMs < core.timeoutsMs[0]
}

export function onVote(core: Core, message: Vote): void {
  const { from, term, pre } = message
  if (pre) {
    const granted = term > core.term && isUpToDate(core, message.lastTerm, message.lastIndex) && !hearsLeader(core)
    // A grant names the term that was asked for; a refusal the own one, so that a candidate of an older term catches up.
    core.outbox.sendNow(reply(core, from, granted ? term : core.term, true, granted))
    return
  }
  const isFree = core.vote === null || core.vote === from
  const granted = term === core.term && isFree && isUpToDate(core, message.lastTerm, message.lastIndex)
  if (granted) {
    core.vote = from
    if (core.state.role === 'candidate') becomeFollower(core, core.term, null) // gives up its own PreVote round
    restartElectionTimer(core)
  }
  core.outbox.sendAfterPersist(reply(core, from, core.term, false, granted))
}

export function onVoteReply(core: Core, message: VoteReply): void {
  const { state } = core
  if (state.role !== 'candidate' || state.pre !== message.pre) return
  if (message.pre && message.granted && message.term !== core.term + 1) return // of an older round
  count(core, state, message.from, message.granted)
}

/** A candidate's vote for itself counts like any other: only once it would survive a crash. */
export function onHardStateDurable(core: Core): void {
  const { state, persistence, config } = core
  if (state.role !== 'candidate' || state.pre || state.granted.has(config.id)) return
  const { term, vote } = persistence.durable
  if (term === core.term && vote === config.id) count(core, state, config.id, true)
}

function ask(core: Core, pre: boolean, transfer: boolean): void {
  const { config, log, leader, state } = core
  const former = state.role === 'candidate' ? state.suspect : null
  const suspect = leader === null || transfer ? former : { leader, sinceMs: core.leaderContactMs }
  if (!pre) {
    core.term++
    core.vote = config.id
  }
  core.leader = null
  const candidate: Candidate = { role: 'candidate', pre, granted: new Set(), refused: new Set(), suspect }
  core.state = candidate
  drawElectionTimeout(core)
  const term = pre ? core.term + 1 : core.term
  core.outbox.event({ kind: 'campaign', term, pre })
  tellRole(core)
  for (const to of allVoters(core.members.current)) {
    if (to === config.id) continue
    const request: Vote = { type: 'vote', from: config.id, to, term, pre, transfer, lastIndex: log.last, lastTerm: log.lastTerm }
    if (pre) core.outbox.sendNow(request)
    else core.outbox.sendAfterPersist(request)
  }
  if (pre) count(core, candidate, config.id, true)
}

function count(core: Core, candidate: Candidate, from: NodeId, granted: boolean): void {
  if (granted) candidate.granted.add(from)
  else candidate.refused.add(from)
  const result = quorumBallot(core.members.current, candidate.granted, candidate.refused)
  if (result !== 'open' && candidate.pre) tellChecked(core, candidate, result === 'won')
  if (result === 'lost') becomeFollower(core, core.term, null)
  else if (result === 'won' && candidate.pre) ask(core, false, false)
  else if (result === 'won') lead(core)
}

/** The second look at a silent leader: does a majority miss it too? Told once; a lost round is followed by another one. */
function tellChecked(core: Core, { suspect }: Candidate, isGone: boolean): void {
  if (!suspect) return
  const { term, nowMs } = core
  core.outbox.event({ kind: 'checked', term, leader: suspect.leader, isGone, silentMs: nowMs - suspect.sinceMs })
}

/** Raft §5.4.1: the later last term wins; only between equal last terms does length decide. */
function isUpToDate(core: Core, lastTerm: Term, lastIndex: LogIndex): boolean {
  const { log } = core
  return lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.last)
}

function reply(core: Core, to: NodeId, term: Term, pre: boolean, granted: boolean): VoteReply {
  return { type: 'voteReply', from: core.config.id, to, term, pre, granted }
}
