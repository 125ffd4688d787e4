/** What a fault is and whom it hits, as an entry of the timeline or of the monkey says it. */
import { isMap, isScalar } from 'yaml'
import { described, text } from '../field'
import { faultKinds } from '../faults'
import type { Fault } from '../faults/fault'
import { shapeConflict } from '../faults/shapes'
import { laterKeys } from '../later'
import { openMap, type PlanMap } from '../map'
import { nearestWord } from '../nearest'
import { sizeOfSet } from '../node-set'
import { largestMinority, membersOf, votersOf } from '../outage'
import type { FaultSpec, PlanNode, Target } from '../plan'
import { writtenText } from '../source'
import { groupTarget, NO_TARGET, parseTarget } from '../targets'

/** Whom faults can hit. */
export interface Parts {
  nodes: readonly PlanNode[]
  /** names of the client groups */
  groups: readonly string[]
}

type Item = ReturnType<PlanMap['items']>[number]

/** The fault decides which keys an entry has, so it is looked up before the entry is opened. */
export function openEntry(plan: PlanMap, item: Item, own: readonly string[]): { map: PlanMap; fault: Fault | null } | null {
  const fault = faultOfItem(plan, item)
  const parameters = fault ? Object.keys(fault.parameters) : faultKinds.flatMap((kind) => Object.keys(kind.parameters))
  const map = openMap(plan.source, item.path, item.node, { known: [...own, 'fault', 'target', ...parameters], later: laterKeys.timeline })
  if (map && !map.has('fault')) plan.source.error(map.at('fault'), 'fault is missing', `fault: ${faultKinds.map((kind) => kind.kind).join(' | ')}`)
  return map && { map, fault }
}

/** @returns null after reporting what is wrong */
export function readFault(map: PlanMap, fault: Fault | null, parts: Parts): Pick<FaultSpec, 'fault' | 'values' | 'target'> | null {
  const target = readTarget(map, fault, parts)
  if (!fault) return null
  const values = Object.fromEntries(Object.entries(fault.parameters).map(([key, field]) => [key, map.read(key, field)]))
  if (map.source.isBroken(map.path) || !target) return null
  const conflict = fault.conflict(values) ?? (map.source.isBroken('cluster.nodes') ? null : fault.misfit(values, parts.nodes))
  if (conflict) map.source.error(map.at(conflict.parameter), conflict.message, conflict.suggestion)
  const spec = { fault: fault.kind, values, target }
  checkTarget(map, fault, spec, parts.nodes)
  return spec
}

function faultOfItem(plan: PlanMap, item: Item): Fault | null {
  const pair = isMap(item.node) ? item.node.items.find((candidate) => isScalar(candidate.key) && candidate.key.value === 'fault') : undefined
  if (!pair) return null
  const node = plan.source.resolve(pair.value)
  const word = writtenText(node)
  const fault = faultKinds.find((kind) => kind.kind === word)
  if (fault) return fault
  const path = `${item.path}.fault`
  const lower = word?.toLowerCase() ?? ''
  const kinds = faultKinds.map((kind) => kind.kind)
  const synonym = faultKinds.find((kind) => kind.alsoCalled.includes(lower))?.kind ?? null
  plan.source.error(path, `${described(node)} is not one of ${kinds.join(', ')}`, synonym ?? nearestWord(lower, kinds), node)
  return null
}

function readTarget(map: PlanMap, fault: Fault | null, { nodes, groups }: Parts): Target | null {
  if (fault?.targets === 'none' && !map.has('target')) return NO_TARGET
  if (fault?.targets === 'groups' && !map.has('target')) return groupTarget('all', groups)
  const written = map.read('target', text({ help: 'whom it hits, e.g. target: leader', maxLength: 100 }))
  if (written === undefined) return null
  if (fault?.targets === 'none') {
    map.source.error(map.at('target'), `${fault.kind} has no target: it is about the whole cluster`)
    return null
  }
  if (fault?.targets === 'groups') {
    const target = groupTarget(written, groups)
    if (target.groups.length === 0) map.source.error(map.at('target'), `there is no client group "${written}" (${groups.join(', ')})`, nearestWord(written, [...groups, 'all']))
    return target
  }
  if (map.source.isBroken('cluster.nodes')) return null
  const target = parseTarget(written, nodes)
  if (target.ok) return target.value
  map.source.error(map.at('target'), target.message, target.suggestion, map.node('target'))
  return null
}

/** Whether the fault can act on its target at all. */
function checkTarget(map: PlanMap, fault: Fault, { target, values }: Pick<FaultSpec, 'values' | 'target'>, nodes: readonly PlanNode[]): void {
  if (target.kind === 'groups' || target.kind === 'none') return
  const where = map.at('target')
  const touched = fault.touches(values)
  const shape = fault.shape(values)
  if (target.kind === 'link' || target.kind === 'links') {
    const node = target.kind === 'link' ? ([target.from, target.to].find((side) => side !== '*') ?? null) : null
    if (fault.targets === 'nodes') map.source.error(where, `${fault.kind} acts on nodes, and "${target.text}" is a link`, node)
    else if (touched === 'clients') map.source.error(map.at('path'), 'a client path belongs to a node: name a node or a role as target', null)
    else if (shape !== 'around') map.source.error(map.at('shape'), `"${target.text}" is a link: a shape has a node as its target`, 'leader')
    return
  }
  if (touched !== 'links') return
  const [members, size] = [membersOf(nodes).length, sizeOf(target, nodes)]
  if (size >= members) {
    map.source.error(where, `"${target.text}" has no links to nodes outside it`, members > 1 ? 'leader' : null)
    return
  }
  const why = shapeConflict(shape, size, members)
  if (why !== null) map.source.error(map.at('shape'), why, 'around')
}

/** How many nodes a target comes to. */
function sizeOf(target: Target, nodes: readonly PlanNode[]): number {
  const voters = votersOf(nodes)
  switch (target.kind) {
    case 'minority':
      return largestMinority(voters.length)
    case 'majority':
      return voters.length - largestMinority(voters.length)
    case 'all':
      return membersOf(nodes).length
    case 'set':
      return sizeOfSet(target, voters)
    default:
      return 1
  }
}
