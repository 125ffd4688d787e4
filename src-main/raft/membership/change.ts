/**
 * Changing members, one node at a time (Raft §6, dissertation §4.2 and §4.3). Each step is an entry of the log:
 *
 * - To add a voter (but for `atOnce`), it becomes a learner that is `joining`. Caught up means: it has acknowledged, within the shortest
 *   election timeout, everything the log held when that round of catching up began.
 * - Then old and new voters decide together (joint), and once *that* is committed the leader leaves it by itself (final).
 * - Removing a voter begins with the joint step; learners come and go in one step, for they change no majority.
 * - Each of the two steps has a time limit (`changeLimitMs`). A step that has not come to its end by then goes back to the
 *   members before the change: who was a learner is one again, who was nothing goes. The old voters can decide that, for
 *   their majority is part of every joint one. A new leader finds the step in its log and carries it on, with a limit of
 *   its own. The final step is never undone.
 * - A leader that removed itself leads until that is committed, then asks the voter that has everything to campaign.
 */
import { appendOwn } from '../appending'
import { becomeFollower } from '../core'
import type { Core, Leader } from '../core'
import { majorityOf } from '../quorum/majority'
import { answers, askToCampaign } from '../transfer'
import type { ChangeResult, Membership, MembershipChange, NodeId } from '../types'
import { encodeMembership } from './codec'
import { isJoint } from './sets'

export const CHANGE_LIMIT_MS = 60_000

export function changeMembers(core: Core, leader: Leader, change: MembershipChange, force: boolean): ChangeResult {
  const { commit, members } = core
  if (commit < leader.firstIndex) return { ok: false, reason: 'not-ready' } // an older leader's change could still come back
  const { current } = members
  if (leader.transfer || isJoint(current) || current.joining !== undefined || commit < members.index) return { ok: false, reason: 'busy' }
  const next = 'add' in change ? adding(current, change) : removing(current, change.remove)
  if (typeof next === 'string') return { ok: false, reason: next }
  const lack = force ? null : lackingQuorum(core, leader, current, next)
  if (lack) return { ok: false, reason: 'would-lose-quorum', ...lack }
  begin(core, leader, next)
  return { ok: true, index: core.log.last }
}

/** Something became known that the change under way may have waited for. */
export function carryOnChange(core: Core): void {
  const { state, members, config, commit, nowMs } = core
  if (state.role !== 'leader') return
  const { current, index } = members
  if (isJoint(current)) {
    if (commit >= index) begin(core, state, { voters: current.voters, outgoing: [], learners: current.learners })
    else if (nowMs >= state.change.deadlineMs) begin(core, state, undoing(current))
  } else if (current.joining !== undefined) {
    if (commit >= index && hasCaughtUp(core, state, current.joining)) begin(core, state, promoting(current, current.joining))
    else if (nowMs >= state.change.deadlineMs) begin(core, state, undoing(current))
  } else if (commit >= index && !current.voters.includes(config.id)) {
    resign(core, state)
  }
}

function begin(core: Core, leader: Leader, next: Membership): void {
  leader.change = { deadlineMs: core.nowMs + (core.config.changeLimitMs ?? CHANGE_LIMIT_MS), catchUp: null }
  appendOwn(core, leader, 'config', [encodeMembership(next)])
}

type Adding = Extract<MembershipChange, { add: NodeId }>

function adding({ voters, learners }: Membership, { add: id, asLearner = false, atOnce = false }: Adding): Membership | 'already-member' {
  if (voters.includes(id) || (asLearner && learners.includes(id))) return 'already-member'
  if (atOnce) return promoting({ voters, outgoing: [], learners }, id)
  const all = learners.includes(id) ? learners : [...learners, id]
  return asLearner ? { voters, outgoing: [], learners: all } : { voters, outgoing: [], learners: all, joining: id, learnersBefore: learners }
}

function promoting({ voters, learners, learnersBefore }: Membership, id: NodeId): Membership {
  return { voters: [...voters, id], outgoing: voters, learners: learners.filter((other) => other !== id), learnersBefore }
}

/** @returns the members before the change that is under way */
function undoing(current: Membership): Membership {
  const { voters, outgoing, learners, learnersBefore } = current
  return { voters: isJoint(current) ? outgoing : voters, outgoing: [], learners: learnersBefore ?? learners }
}

function removing({ voters, learners }: Membership, id: NodeId): Membership | 'not-a-member' | 'last-voter' {
  if (learners.includes(id)) return { voters, outgoing: [], learners: learners.filter((other) => other !== id) }
  if (!voters.includes(id)) return 'not-a-member'
  if (voters.length === 1) return 'last-voter'
  return { voters: voters.filter((other) => other !== id), outgoing: voters, learners }
}

/**
 * The voters that answer now have to be a majority of what this would make, not counting the one that comes: it has
 * proved nothing yet. A single voter may take in a second all the same, or it could never.
 */
function lackingQuorum(core: Core, leader: Leader, current: Membership, next: Membership): { answering: NodeId[]; needed: number } | null {
  const isGrowing = next.joining !== undefined
  if (isGrowing && current.voters.length === 1) return null
  const needed = majorityOf(isGrowing ? next.voters.length + 1 : next.voters.length)
  const answering = answeringOf(core, leader, next.voters)
  return answering.length < needed ? { answering, needed } : null
}

function answeringOf(core: Core, leader: Leader, voters: readonly NodeId[]): NodeId[] {
  return voters.filter((id) => {
    const follower = leader.followers.get(id)
    return follower ? answers(core, follower) : id === core.config.id
  })
}

/** Dissertation §4.2.1, without its number of rounds: the time limit ends what does not converge. */
function hasCaughtUp(core: Core, leader: Leader, id: NodeId): boolean {
  const { change, followers } = leader
  const match = followers.get(id)?.match ?? 0
  change.catchUp ??= { target: core.log.last, sinceMs: core.nowMs }
  if (match < change.catchUp.target) return false
  const tookMs = core.nowMs - change.catchUp.sinceMs
  change.catchUp = { target: core.log.last, sinceMs: core.nowMs }
  if (tookMs > core.timeoutsMs[0]) return false
  const voters = [...core.members.current.voters, id]
  return answeringOf(core, leader, voters).length >= majorityOf(voters.length)
}

function resign(core: Core, leader: Leader): void {
  for (const follower of leader.followers.values()) {
    if (follower.match < core.log.last || !core.members.current.voters.includes(follower.id)) continue
    askToCampaign(core, leader, follower.id)
    break
  }
  becomeFollower(core, core.term, null)
}
