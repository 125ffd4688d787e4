/**
 * How the lab sees that a fault is really there, how large it is, and that it is really gone. What a fault *does* is its
 * schedule (`src-shared/plan/faults`), the same for the dry run and the run; here is only what it can be observed by.
 */
import type { FaultValues } from '@shared/plan/plan'
import type { DrawnTarget } from '@shared/plan/schedule'
import type { FaultSize, NodeSample } from '@shared/run/event'
import type { Cluster } from '../cluster/cluster'
import type { Probe, Reading } from '../probes/prober'
import type { Traffic } from './traffic'

export interface Observation<V = FaultValues> {
  cluster: Cluster
  /** what the client groups ask */
  traffic: Traffic
  /** the fault's parameters by name, as its definition reads them */
  values: V
  drawn: DrawnTarget
  /** just before the first call, ns since the origin: what nodes said before it is what was there without the fault */
  requestedNs: number
  /** when all calls (or, for `isGone`, all undo calls) had been acknowledged, ns since the origin */
  acknowledgedNs: number
  /** its planned end, ns since the origin */
  untilNs: number
  /** of the fault's own probes that began between two moments, oldest first */
  readings(fromNs: number, toNs?: number): Reading[]
}

/** What was seen, in words for the log; null = not seen yet. */
export type Seen = string | null

export interface FaultObserver<V = FaultValues> {
  /** how long to look before the fault counts as never shown */
  withinMs: number | ((values: V) => number)
  /** what to ask on connections of our own, from the acknowledgement until it is seen to be gone */
  probes?(scene: Pick<Observation<V>, 'cluster' | 'values' | 'drawn'>): Probe[]
  isThere(observation: Observation<V>): Seen
  isGone(observation: Observation<V>): Seen
  /** asked beside seen, from all readings since the acknowledgement; null = nothing could be read. Asked every second while it is in force, and just before the undo */
  size?(observation: Observation<V>): FaultSize | null
}

/** Checks an observer against the parameters that it reads, and forgets them, so that one list can hold all. */
export function observer<V>(of: FaultObserver<V>): FaultObserver {
  return of as unknown as FaultObserver
}

/** Links whose both ends run: only there can an effect be seen. */
export function observableLinks({ cluster, drawn }: Pick<Observation, 'cluster' | 'drawn'>): { from: string; to: string }[] {
  return drawn.links.filter(({ from, to }) => cluster.node(from).state === 'running' && cluster.node(to).state === 'running')
}

export function rttOf(cluster: Cluster, from: string, to: string): number | null {
  return cluster.node(from).sample?.links.find((link) => link.peer === to)?.rttMs ?? null
}

/** What a node said between two moments, oldest first. */
export function samplesOf(cluster: Cluster, node: string, fromNs: number, toNs = Infinity): NodeSample[] {
  return cluster.node(node).history.filter(({ atNs }) => atNs >= fromNs && atNs < toNs)
}
