/**
 * How the lab sees that a fault is really there, and really gone. What a fault *does* is its schedule (`src-shared/plan/
 * faults`), the same for the dry run and the run; here is only what a family can be observed by.
 */
import type { FaultSpec } from '@shared/plan/plan'
import type { DrawnTarget } from '@shared/plan/schedule'
import type { Cluster } from '../cluster/cluster'

export interface Observation {
  cluster: Cluster
  spec: FaultSpec
  drawn: DrawnTarget
  /** when all calls (or undo calls) had been acknowledged, ns since the origin */
  acknowledgedNs: number
  /** smoothed round trips before the fault, by `from-to`, ms */
  rttBefore: Map<string, number>
}

/** What was seen, in words for the log; null = not seen yet. */
export type Seen = string | null

export interface FaultObserver {
  /** how long to look before the fault counts as never shown */
  withinMs: number
  isThere(observation: Observation): Seen
  isGone(observation: Observation): Seen
}

/** Links whose both ends run: only there can an effect be seen. */
export function observableLinks({ cluster, drawn }: Observation): { from: string; to: string }[] {
  return drawn.links.filter(({ from, to }) => cluster.node(from).state === 'running' && cluster.node(to).state === 'running')
}

export function rttOf(cluster: Cluster, from: string, to: string): number | null {
  return cluster.node(from).sample?.links.find((link) => link.peer === to)?.rttMs ?? null
}
