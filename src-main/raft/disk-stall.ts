/**
 * A disk that hangs. A leader that can't write commits with its followers' disks and keeps everybody else from being
 * elected by its heartbeats; when its turn comes to write for them, nothing goes on and nobody notices (hashicorp/raft#503,
 * etcd#13527). So a write that takes longer than an election timeout ends a leadership, and its node does not campaign
 * until its disk answers. It still follows and still votes: those promises wait for the disk anyway.
 */
import { becomeFollower } from './core'
import type { Core } from './core'

export function watchDisk(core: Core): void {
  const { persistence, nowMs, config, timeoutsMs, state, term } = core
  const sinceMs = persistence.waitingSinceMs
  if (core.isDiskStalled || sinceMs === null) return
  const silentMs = nowMs - sinceMs
  if (silentMs <= (config.diskStallMs ?? timeoutsMs[1])) return
  core.isDiskStalled = true
  const wasLeader = state.role === 'leader'
  core.outbox.event({ kind: 'diskStalled', term, silentMs, wasLeader })
  if (state.role !== 'follower') becomeFollower(core, term, null)
}
