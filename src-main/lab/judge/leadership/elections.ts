/** How often the cluster went to the polls. */
import type { RunEvent } from '@shared/run/event'
import type { Axis, Stretch } from '../axis'

/**
 * An election is a term somebody really stood for: PreVote rounds raise no term and are none, a split vote is one, and
 * two candidates in one term make one. Counted where its first campaign (or, if that was not recorded, its leader) lies.
 */
export function countElections(events: readonly RunEvent[], axis: Axis, within: Stretch): number {
  const firstMs = new Map<number, number>()
  for (const event of events) {
    const isElection = (event.kind === 'campaign' && !event.pre) || (event.kind === 'role' && event.role === 'leader')
    if (isElection && !firstMs.has(event.term)) firstMs.set(event.term, axis.toMs(event.atNs))
  }
  return [...firstMs.values()].filter((atMs) => atMs >= within.fromMs && atMs < within.toMs).length
}
