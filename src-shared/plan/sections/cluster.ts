/** `cluster` and `blastRadius`: nodes, Raft's settings, the network all the time, how much of it faults may take out. */
import { duration, flag, integer } from '../field'
import { jitterConflict, LATENCY_MS_MAX } from '../faults/latency'
import { laterKeys } from '../later'
import type { PlanMap } from '../map'
import { largestMinority } from '../outage'
import type { Plan } from '../plan'
import { readNodes } from './nodes'
import { readRaft } from './raft'

const fields = {
  latency: { ...duration({ help: 'one way, on every peer link, all the time', min: 0, max: LATENCY_MS_MAX }), initial: 0 },
  jitter: { ...duration({ help: 'varies by up to this much, at most latency', min: 0, max: LATENCY_MS_MAX }), initial: 0 },
  allowQuorumLoss: { ...flag({ help: 'whether faults may take out so many voters that no quorum is left' }), initial: false },
}

export function readCluster(plan: PlanMap): Plan['cluster'] {
  const cluster = plan.map('cluster', { known: ['nodes', 'raft', 'network'] })
  const network = cluster.map('network', { known: ['latency', 'jitter'], later: laterKeys.network })
  const latencyMs = network.readOr('latency', fields.latency)
  const jitterMs = network.readOr('jitter', fields.jitter)
  const conflict = jitterConflict(latencyMs, jitterMs)
  if (conflict && !plan.source.isBroken(network.path)) plan.source.error(network.at('jitter'), conflict.message, conflict.suggestion)
  return { nodes: readNodes(cluster), raft: readRaft(cluster), network: { latencyMs, jitterMs } }
}

/** Without `nodes` the largest minority, or with `allowQuorumLoss` no limit below the whole cluster. */
export function readBlastRadius(plan: PlanMap, voters: number): Plan['blastRadius'] {
  const radius = plan.map('blastRadius', { known: ['nodes', 'allowQuorumLoss'] })
  const allowQuorumLoss = radius.readOr('allowQuorumLoss', fields.allowQuorumLoss)
  const initial = allowQuorumLoss ? voters : largestMinority(voters)
  const field = { ...integer({ help: 'how many voters may be out at once', min: 0, max: voters }), initial }
  return { nodes: radius.readOr('nodes', field), allowQuorumLoss }
}
