/**
 * Heartbeats to a peer that does not answer double their interval up to a bound, so that a dead node costs little. The
 * trap is a peer that comes back and hears nothing until it campaigns (hashicorp/raft#494): so any sign of life ends
 * the pause at once, which a PreVote is; and without PreVote the bound stays below the shortest election timeout.
 */
import type { Core, Leader } from '../core'
import type { Progress } from '../tracker/progress'
import { answers } from '../transfer'
import type { NodeId } from '../types'

/** A round begins. @returns whether this follower is told of it */
export function isHeartbeatDue(core: Core, follower: Progress): boolean {
  const { timers, heartbeatMs, preVote } = core.config
  if (timers?.kind !== 'backoff') return true
  const { pause } = follower
  if (answers(core, follower)) {
    pause.ms = 0
    return true
  }
  if (core.nowMs < pause.untilMs) return false
  const boundMs = preVote ? timers.maxProbeMs : Math.min(timers.maxProbeMs, core.timeoutsMs[0] / 2)
  pause.ms = Math.max(heartbeatMs, Math.min(2 * Math.max(pause.ms, heartbeatMs), boundMs))
  pause.untilMs = core.nowMs + pause.ms
  return true
}

/** A message came from this peer, whatever it says. */
export function onSignOfLife(core: Core, leader: Leader, from: NodeId): void {
  const follower = leader.followers.get(from)
  if (!follower || follower.pause.ms === 0) return
  follower.pause.ms = follower.pause.untilMs = 0
  follower.heartbeatDue = true
  core.isFlushDue = true
}
