/**
 * Moving leadership on purpose (dissertation §3.10): the leader takes no more proposals, brings the target up to date,
 * tells it to campaign at once, and goes on leading if it hears of no newer term within an election timeout.
 */
import type { Core, Leader } from './core'
import { isJoint } from './membership/sets'
import { YIELD_PAUSE_TIMEOUTS, yieldTo } from './priority'
import type { Progress } from './tracker/progress'
import type { NodeId, TransferResult } from './types'

export function beginTransfer(core: Core, leader: Leader, to: NodeId): TransferResult {
  const { config, members, nowMs, term } = core
  if (to === config.id) return { ok: false, reason: 'self' }
  const follower = leader.followers.get(to)
  if (!follower || !members.current.voters.includes(to)) return { ok: false, reason: 'not-a-voter' }
  const isChanging = isJoint(members.current) || core.commit < members.index
  if (leader.transfer || isChanging) return { ok: false, reason: 'busy' }
  if (!answers(core, follower)) return { ok: false, reason: 'silent' }
  leader.transfer = { to, deadlineMs: nowMs + core.timeoutsMs[0], isAsked: false }
  core.outbox.event({ kind: 'transfer', term, to, stage: 'begun' })
  advanceTransfer(core, leader)
  return { ok: true }
}

/** The target may have caught up. */
export function advanceTransfer(core: Core, leader: Leader): void {
  const { transfer } = leader
  if (!transfer || transfer.isAsked || leader.followers.get(transfer.to)?.match !== core.log.last) return
  transfer.isAsked = true
  askToCampaign(core, leader, transfer.to)
}

/** A round begins: the request may have been lost. Whoever has followed it already is in a newer term, and ignores it. */
export function repeatTransfer(core: Core, leader: Leader): void {
  if (leader.transfer?.isAsked) askToCampaign(core, leader, leader.transfer.to)
}

export function askToCampaign(core: Core, leader: Leader, to: NodeId): void {
  leader.hasAskedForCampaign = true
  core.outbox.sendNow({ type: 'timeoutNow', from: core.config.id, to, term: core.term })
}

/** Gives up a transfer whose time is over, or whose target has lost its vote. */
export function expireTransfer(core: Core): void {
  const { state, nowMs, term } = core
  if (state.role !== 'leader' || !state.transfer) return
  const { to, deadlineMs } = state.transfer
  if (nowMs < deadlineMs) return
  state.transfer = null
  core.outbox.event({ kind: 'transfer', term, to, stage: 'given-up' })
}

/** A leader of low priority looks for somebody better, at the pace of its heartbeats (see `priority.ts`). */
export function yieldIfBetter(core: Core, leader: Leader): void {
  if (core.nowMs < core.yieldDueMs || leader.transfer) return
  const isReady = (follower: Progress): boolean => answers(core, follower) && follower.mode === 'replicate' && follower.match >= core.commit
  const ready = [...leader.followers.values()].filter((follower) => isReady(follower) && core.members.current.voters.includes(follower.id))
  const to = yieldTo(core.config, ready.map(({ id }) => id))
  if (to === null || !beginTransfer(core, leader, to).ok) return
  core.yieldDueMs = core.nowMs + YIELD_PAUSE_TIMEOUTS * core.timeoutsMs[1]
}

/** @returns whether a follower answered within the shortest election timeout */
export function answers(core: Core, follower: Progress): boolean {
  return core.nowMs - (follower.recentMs ?? follower.sinceMs) < core.timeoutsMs[0]
}
