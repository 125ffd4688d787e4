/** `cluster.nodes`: how many there are, or each with its name, its priority, and whether it has a vote. */
import { isScalar, isSeq } from 'yaml'
import { described, flag, integer, text } from '../field'
import { openMap, type PlanMap } from '../map'
import { votersOf } from '../outage'
import type { PlanNode } from '../plan'
import { reservedNames } from '../targets'

/** A mesh has a proxy a directed link: nine nodes are 72, beside 9 client paths. */
const NODES_MAX = 9

/** No `-`, `>` or `*`: proxies are named `n1-n2`, targets `n1->n2`. */
export const NAME = /^[A-Za-z][A-Za-z0-9_]{0,15}$/
export const NAME_RULE = 'a name of letters, digits and _ (at most 16, a letter first)'

const fields = {
  nodes: { ...integer({ help: 'how many nodes', initial: 5, min: 1, max: NODES_MAX }), initial: 5 },
  id: text({ help: 'name of the node', maxLength: 100, pattern: NAME, like: NAME_RULE }),
  priority: { ...integer({ help: 'the lower, the later it leads', initial: 100, min: 0, max: 100 }), initial: 100 },
  learner: { ...flag({ help: 'gets the log and has no vote' }), initial: false },
  zone: text({ help: 'name of the zone it is in', maxLength: 100, pattern: NAME, like: NAME_RULE }),
  spare: { ...flag({ help: 'does not run until it is added as a member' }), initial: false },
}

/** Nodes n1, n2, … that all vote and are all alike. */
export function numberedNodes(count: number): PlanNode[] {
  return Array.from({ length: count }, (_, index) => ({ id: `n${index + 1}`, priority: fields.priority.initial, learner: false, zone: null, spare: false }))
}

export function readNodes(cluster: PlanMap): PlanNode[] {
  const node = cluster.node('nodes')
  if (!isSeq(node)) return numberedNodes(cluster.readOr('nodes', fields.nodes))
  const { source } = cluster
  const nodes = new Map<string, PlanNode>()
  for (const item of cluster.items('nodes')) {
    if (isScalar(item.node)) {
      source.error(item.path, `${described(item.node)} where a map was expected`, `{ id: ${String(item.node.value)} }`, item.node)
      continue
    }
    const map = openMap(source, item.path, item.node, { known: ['id', 'priority', 'learner', 'zone', 'spare'] })
    if (!map) continue
    const id = map.read('id', fields.id)
    const priority = map.readOr('priority', fields.priority)
    const learner = map.readOr('learner', fields.learner)
    const zone = map.readOptional('zone', fields.zone)
    const spare = map.readOr('spare', fields.spare)
    if (learner && map.has('priority')) source.error(map.at('priority'), 'a learner never leads: a priority says nothing about it')
    if (id === undefined) continue
    if (reservedNames.includes(id)) source.error(map.at('id'), `"${id}" is a target's name and can't be a node's`)
    else if (nodes.has(id)) source.error(map.at('id'), `there are two nodes "${id}"`)
    nodes.set(id, { id, priority, learner, zone, spare })
  }
  if (!source.isBroken('cluster.nodes')) checkAll([...nodes.values()], cluster)
  const listed = [...nodes.values()].slice(0, NODES_MAX)
  return votersOf(listed).length > 0 ? listed : numberedNodes(fields.nodes.initial)
}

function checkAll(nodes: readonly PlanNode[], { source }: PlanMap): void {
  if (nodes.length === 0) source.error('cluster.nodes', 'a cluster needs a node')
  else if (votersOf(nodes).length === 0) source.error('cluster.nodes', 'every node is a learner or a spare: a cluster needs one that votes')
  if (nodes.length > NODES_MAX) source.error('cluster.nodes', `${nodes.length} nodes are more than ${NODES_MAX}`)
}
