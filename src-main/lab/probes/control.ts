/** What is asked all the time: is each node there, and is it there for a client? The first goes around every proxy. */
import { healthProbe } from './health'
import type { Probe } from './prober'

/** under this name the prober keeps these readings */
export const CONTROL = 'control'
/** ten questions a second in a cluster of five */
const EVERY_MS = 1_000

export const clientTarget = (node: string): string => `client-${node}`

export function controlProbes(nodes: readonly { id: string; http: number; client: number }[]): Probe[] {
  return nodes.flatMap(({ id, http, client }) => [healthProbe(id, http, EVERY_MS), healthProbe(clientTarget(id), client, EVERY_MS)])
}
