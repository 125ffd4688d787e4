/** How long the silence of a leader may last before somebody may stand for election: with adaptive timers not always the same. */
import { votersOf } from '@shared/plan/outage'
import type { Plan } from '@shared/plan/plan'
import type { RunEvent } from '@shared/run/event'
import type { Axis } from '../axis'

/** @returns the shortest election timeout in force at that moment (ms since load start) on any voter that runs then */
export function shortestTimeouts(plan: Plan, events: readonly RunEvent[], axis: Axis): (atMs: number) => number {
  const configuredMs = plan.cluster.raft.electionTimeoutMs[0]
  const voters = votersOf(plan.cluster.nodes)
  const running = new Map(voters.map((id) => [id, configuredMs]))
  const steps = [{ fromMs: -Infinity, shortestMs: configuredMs }]
  for (const event of events) {
    if (event.kind === 'timeout-changed' && running.has(event.node)) running.set(event.node, event.toMs)
    else if (event.kind === 'node-exited') running.delete(event.node)
    else if (event.kind === 'node-started' && voters.includes(event.node)) running.set(event.node, configuredMs)
    else continue
    const shortestMs = running.size === 0 ? configuredMs : Math.min(...running.values())
    if (shortestMs !== steps.at(-1)!.shortestMs) steps.push({ fromMs: axis.toMs(event.atNs), shortestMs })
  }
  return (atMs) => steps.findLast(({ fromMs }) => fromMs <= atMs)!.shortestMs
}
