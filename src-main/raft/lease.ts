/**
 * Lease reads (dissertation §6.4.1): for the shortest election timeout after a quorum's echo nobody else can be elected,
 * because that quorum answers no campaign before. So a leader may serve what it has without asking again, as far
 * as clocks can be trusted: its own may run slow and a voter's fast, each by the drift bound ε, so that the lease is
 * the timeout times (1 − ε) / (1 + ε).
 *
 * It rests on four things: CheckQuorum and this setting on every node; voters that listen to no campaign for the
 * shortest timeout after *any* leader's append and after their own start (`elections.ts`); the moment the round was
 * *sent*; and that this leader asked nobody to campaign in this term, for voters answer such a campaign at once.
 */
import type { Core, Leader } from './core'

export function leaseUntilMs({ config }: Core, leader: Leader): number {
  const { lease, checkQuorum, electionTimeoutMs, timers } = config
  if (!lease || !checkQuorum || leader.quorumMs === null || leader.hasAskedForCampaign) return -Infinity
  const driftShare = lease.driftPpm / 1e6
  const shortestMs = timers?.kind === 'adaptive' ? Math.min(timers.floorMs, electionTimeoutMs[0]) : electionTimeoutMs[0]
  return leader.quorumMs + (shortestMs * (1 - driftShare)) / (1 + driftShare)
}

/** @returns whether it was served: an entry of the own term is committed and the lease holds at this moment */
export function readByLease(core: Core, leader: Leader, read: number): boolean {
  if (core.commit < leader.firstIndex || core.nowMs >= leaseUntilMs(core, leader)) return false
  core.outbox.readReady({ read, index: core.commit })
  return true
}
