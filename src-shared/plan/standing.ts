/** The network that a plan's cluster has all the time: delay of the whole mesh, and between zones. No fault, no part of the schedule. */
import { addition, BASE_TOXIC, peerProxy } from './faults/toxic'
import type { Plan } from './plan'
import type { Call } from './schedule'

export interface StandingDelay {
  latencyMs: number
  jitterMs: number
}

type Cluster = Pick<Plan, 'cluster' | 'zones'>

/** What a link has all the time, one way: the mesh's own, and what its ends' zones are apart. */
export function standingDelay({ cluster: { nodes, network }, zones }: Cluster, from: string, to: string): StandingDelay {
  const zoneOf = (id: string): string | null => nodes.find((node) => node.id === id)?.zone ?? null
  const between = zones.find((link) => link.from === zoneOf(from) && link.to === zoneOf(to))
  return { latencyMs: network.latencyMs + (between?.latencyMs ?? 0), jitterMs: network.jitterMs + (between?.jitterMs ?? 0) }
}

/** Every directed link between nodes, spares included: they have their places from the start. */
export function peerLinks({ cluster }: Pick<Plan, 'cluster'>): { from: string; to: string }[] {
  const ids = cluster.nodes.map((node) => node.id)
  return ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => ({ from, to })))
}

/** The longest round trip that the standing delays can make of any pair of these nodes. */
export function longestRoundTripMs(plan: Cluster, ids: readonly string[]): number {
  const worst = (from: string, to: string): number => {
    const { latencyMs, jitterMs } = standingDelay(plan, from, to)
    return latencyMs + jitterMs
  }
  const pairs = peerLinks(plan).filter(({ from, to }) => ids.includes(from) && ids.includes(to))
  return pairs.reduce((most, { from, to }) => Math.max(most, worst(from, to) + worst(to, from)), 0)
}

/** One toxic on each link that has a delay. Part of the start of the cluster. */
export function baseToxics(plan: Cluster): Call[] {
  return peerLinks(plan).flatMap((link) => {
    const { latencyMs, jitterMs } = standingDelay(plan, link.from, link.to)
    if (latencyMs === 0 && jitterMs === 0) return []
    return [addition(peerProxy(link), BASE_TOXIC, 'upstream', { type: 'latency', attributes: { latency: latencyMs, jitter: jitterMs } }).call]
  })
}
