/** `cluster` and `blastRadius`: nodes, Raft's settings, the network all the time. */
import { isScalar, isSeq } from 'yaml'
import { choice, described, duration, flag, integer, text } from '../field'
import { jitterConflict, LATENCY_MS_MAX } from '../faults/latency'
import { laterKeys, laterReads } from '../later'
import { openMap, type PlanMap } from '../map'
import { largestMinority } from '../outage'
import type { Plan } from '../plan'
import { reservedNames } from '../targets'
import { formatDuration } from '../units'

/** A mesh has a proxy a directed link: nine nodes are 72, beside 9 client paths. */
const NODES_MAX = 9

/** No `-`, `>` or `*`: proxies are named `n1-n2`, targets `n1->n2`. */
export const NAME = /^[A-Za-z][A-Za-z0-9_]{0,15}$/
export const NAME_RULE = 'a name of letters, digits and _ (at most 16, a letter first)'

const fields = {
  nodes: { ...integer({ help: 'how many nodes', initial: 5, min: 1, max: NODES_MAX }), initial: 5 },
  id: text({ help: 'name of the node', maxLength: 100, pattern: NAME, like: NAME_RULE }),
  heartbeat: { ...duration({ help: 'between heartbeats', min: 1, max: 60_000 }), initial: 50 },
  timeout: duration({ help: 'election timeout', min: 10, max: 600_000 }),
  preVote: { ...flag({ help: 'ask before campaigning' }), initial: true },
  checkQuorum: { ...flag({ help: 'a leader without quorum steps down' }), initial: true },
  reads: {
    ...choice({ help: 'default consistency of reads', options: ['linearizable', 'local'], later: laterReads, synonyms: { strong: 'linearizable', stale: 'local' } }),
    initial: 'linearizable' as const,
  },
  requestTimeout: { ...duration({ help: "a node's own deadline for a request", min: 10, max: 600_000 }), initial: 2000 },
  latency: { ...duration({ help: 'one way, on every peer link, all the time', min: 0, max: LATENCY_MS_MAX }), initial: 0 },
  jitter: { ...duration({ help: 'varies by up to this much, at most latency', min: 0, max: LATENCY_MS_MAX }), initial: 0 },
  allowQuorumLoss: { ...flag({ help: 'whether faults may take out so many nodes that no quorum is left' }), initial: false },
}

const ELECTION_TIMEOUT_MS: [number, number] = [150, 300]

export function readCluster(plan: PlanMap): Plan['cluster'] {
  const cluster = plan.map('cluster', { known: ['nodes', 'raft', 'network'] })
  const raft = cluster.map('raft', {
    known: ['heartbeat', 'electionTimeout', 'preVote', 'checkQuorum', 'reads', 'requestTimeout'],
    later: laterKeys.raft,
  })
  const network = cluster.map('network', { known: ['latency', 'jitter'], later: laterKeys.network })
  const latencyMs = network.readOr('latency', fields.latency)
  const jitterMs = network.readOr('jitter', fields.jitter)
  const conflict = jitterConflict(latencyMs, jitterMs)
  if (conflict && !plan.source.isBroken(network.path)) plan.source.error(network.at('jitter'), conflict.message, conflict.suggestion)
  return {
    nodes: readNodes(cluster),
    raft: {
      heartbeatMs: raft.readOr('heartbeat', fields.heartbeat),
      electionTimeoutMs: readElectionTimeout(raft),
      preVote: raft.readOr('preVote', fields.preVote),
      checkQuorum: raft.readOr('checkQuorum', fields.checkQuorum),
      reads: raft.readOr('reads', fields.reads),
      requestTimeoutMs: raft.readOr('requestTimeout', fields.requestTimeout),
    },
    network: { latencyMs, jitterMs },
  }
}

/** Without `nodes` the largest minority, or with `allowQuorumLoss` no limit below the whole cluster. */
export function readBlastRadius(plan: PlanMap, nodes: number): Plan['blastRadius'] {
  const radius = plan.map('blastRadius', { known: ['nodes', 'allowQuorumLoss'] })
  const allowQuorumLoss = radius.readOr('allowQuorumLoss', fields.allowQuorumLoss)
  const initial = allowQuorumLoss ? nodes : largestMinority(nodes)
  const field = { ...integer({ help: 'how many nodes may be out at once', min: 0, max: nodes }), initial }
  return { nodes: radius.readOr('nodes', field), allowQuorumLoss }
}

function readNodes(cluster: PlanMap): { id: string }[] {
  const numbered = (count: number): { id: string }[] => Array.from({ length: count }, (_, index) => ({ id: `n${index + 1}` }))
  const node = cluster.node('nodes')
  if (!isSeq(node)) return numbered(cluster.readOr('nodes', fields.nodes))
  const { source } = cluster
  const ids = new Set<string>()
  for (const item of cluster.items('nodes')) {
    if (isScalar(item.node)) {
      source.error(item.path, `${described(item.node)} where a map was expected`, `{ id: ${String(item.node.value)} }`, item.node)
      continue
    }
    const map = openMap(source, item.path, item.node, { known: ['id'], later: laterKeys.node })
    const id = map?.read('id', fields.id)
    if (!map || id === undefined) continue
    if (reservedNames.includes(id)) source.error(map.at('id'), `"${id}" is a target's name and can't be a node's`)
    else if (ids.has(id)) source.error(map.at('id'), `there are two nodes "${id}"`)
    ids.add(id)
  }
  if (ids.size === 0 && !source.isBroken('cluster.nodes')) source.error('cluster.nodes', 'a cluster needs a node')
  if (ids.size > NODES_MAX) source.error('cluster.nodes', `${ids.size} nodes are more than ${NODES_MAX}`)
  const listed = [...ids].slice(0, NODES_MAX).map((id) => ({ id }))
  return listed.length > 0 ? listed : numbered(fields.nodes.initial)
}

function readElectionTimeout(raft: PlanMap): [number, number] {
  if (!raft.has('electionTimeout')) return ELECTION_TIMEOUT_MS
  const { source } = raft
  const path = raft.at('electionTimeout')
  const node = raft.node('electionTimeout')
  if (!isSeq(node)) {
    const single = fields.timeout.read(node)
    const suggestion = single.ok ? `[${formatDuration(single.value)}, ${formatDuration(2 * single.value)}]` : '[150ms, 300ms]'
    source.error(path, `${described(node)} where a range [shortest, longest] was expected`, suggestion, node)
    return ELECTION_TIMEOUT_MS
  }
  const items = raft.items('electionTimeout')
  if (items.length !== 2) {
    source.error(path, `a range has two ends, [shortest, longest], not ${items.length}`, '[150ms, 300ms]', node)
    return ELECTION_TIMEOUT_MS
  }
  const [least, most] = items.map((item) => {
    const reading = fields.timeout.read(item.node)
    if (reading.ok) return reading.value
    source.error(item.path, reading.message, reading.suggestion, item.node)
    return null
  })
  if (least == null || most == null) return ELECTION_TIMEOUT_MS
  if (least > most) {
    source.error(path, `the shortest (${formatDuration(least)}) is more than the longest (${formatDuration(most)})`, `[${formatDuration(most)}, ${formatDuration(least)}]`, node)
  }
  return [least, most]
}
