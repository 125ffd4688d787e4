/** Target strings read: whom a fault acts on, as the plan says it. Who that is when it happens: `draw.ts`. */
import type { Reading } from './field'
import { nearestNode } from './nearest'
import { parseNodeSet, setWords } from './node-set'
import { largestMinority, membersOf, votersOf } from './outage'
import type { PlanNode, Target } from './plan'

const roleTargets = ['leader', 'follower', 'any', 'all', 'minority', 'majority'] as const
type RoleTarget = (typeof roleTargets)[number]

/** Names that no node may have. */
export const reservedNames: readonly string[] = [...roleTargets, ...setWords]

/** Of a fault that is about the whole cluster. */
export const NO_TARGET: Target = { text: 'cluster', kind: 'none' }

/** Client groups by name; `all` = each. No group: there is none of that name. */
export function groupTarget(text: string, groups: readonly string[]): Extract<Target, { kind: 'groups' }> {
  return { text, kind: 'groups', groups: groups.filter((group) => text === 'all' || text === group) }
}

/** Reads a target string against the nodes that the plan has. */
export function parseTarget(text: string, nodes: readonly PlanNode[]): Reading<Target> {
  const ids = nodes.map(({ id }) => id)
  const link = /^\s*([^\s<>-]+)\s*(<->|->)\s*([^\s<>-]+)\s*$/.exec(text)
  if (link) return /\(/.test(text) ? parseZoneLinks(text, link[1]!, link[3]!, link[2] === '<->', nodes) : parseLink(text, link[1]!, link[3]!, link[2] === '<->', ids)
  const role = roleTargets.find((candidate) => candidate === text)
  if (role !== undefined) return fitting(text, role, votersOf(nodes).length)
  if (ids.includes(text)) return { ok: true, value: { text, kind: 'node', node: text } }
  if (/[<>]|--/.test(text)) {
    return { ok: false, message: `"${text}" is not a link: write n1->n2, n1<->n2, leader->*, *->leader or zone(a)->zone(b)`, suggestion: null }
  }
  if (/^[\w-]+$/.test(text) && !setWords.some((word) => word === text)) {
    return { ok: false, message: `there is no node "${text}" (${listed(ids)})`, suggestion: nearestNode(text, [...ids, ...roleTargets, 'followers', 'voters', 'learners']) }
  }
  return parseNodeSet(text, nodes)
}

/** Links whose ends are zones, nodes, or `*`: everybody else. */
function parseZoneLinks(text: string, from: string, to: string, both: boolean, nodes: readonly PlanNode[]): Reading<Target> {
  const members = membersOf(nodes)
  const ends: string[][] = []
  for (const end of [from, to]) {
    const read = end === '*' ? null : parseNodeSet(end, nodes)
    if (read && !read.ok) return read
    const set = read?.value
    if (set?.kind === 'set' && (set.isByRole || set.parts.some(({ take }) => take !== null))) {
      return { ok: false, message: `"${text}": a zone goes with zones, nodes and *, as ${end} may be in it`, suggestion: null }
    }
    ends.push(set?.kind === 'set' ? set.parts[0]!.others : members)
  }
  const [sources, sinks] = [ends[0]!, ends[1]!].map((end, index, all) => (index === 0 ? from : to) === '*' ? end.filter((id) => !all[1 - index]!.includes(id)) : end)
  const forth = sources!.flatMap((a) => sinks!.filter((b) => b !== a).map((b) => ({ from: a, to: b })))
  if (forth.length === 0) return { ok: false, message: `"${text}": there is no such link`, suggestion: null }
  const links = both ? forth.flatMap((one) => [one, { from: one.to, to: one.from }]) : forth
  const apart = new Map(links.map((one) => [`${one.from} ${one.to}`, one]))
  return { ok: true, value: { text, kind: 'links', links: [...apart.values()] } }
}

function fitting(text: string, kind: RoleTarget, voters: number): Reading<Target> {
  if (kind === 'follower' && voters < 2) return { ok: false, message: 'a cluster of one voter has no follower', suggestion: 'leader' }
  if ((kind === 'minority' || kind === 'majority') && largestMinority(voters) === 0) {
    return { ok: false, message: `a cluster of ${voters} has no ${kind}: a minority needs at least 3 voters`, suggestion: 'leader' }
  }
  return { ok: true, value: { text, kind } }
}

function parseLink(text: string, from: string, to: string, both: boolean, ids: readonly string[]): Reading<Target> {
  for (const end of [from, to]) {
    if (end !== 'leader' && end !== '*' && !ids.includes(end)) {
      const nearest = nearestNode(end, [...ids, 'leader'])
      return {
        ok: false,
        message: `there is no node "${end}" (${listed(ids)})`,
        suggestion: nearest && `${from === end ? nearest : from}${both ? '<->' : '->'}${to === end ? nearest : to}`,
      }
    }
  }
  if (from === to) return { ok: false, message: `"${text}" is a link from ${from === '*' ? 'everyone to everyone' : 'a node to itself'}`, suggestion: null }
  // Whether leader->n2 exists is known only when n2 does not lead; a fault that may not apply is refused.
  if ((from === 'leader' && to !== '*') || (to === 'leader' && from !== '*')) {
    return { ok: false, message: `"${text}": leader goes with * only, as ${from === 'leader' ? from : to} may be that node`, suggestion: from === 'leader' ? 'leader->*' : '*->leader' }
  }
  if (ids.length < 2) return { ok: false, message: 'a cluster of one node has no links', suggestion: null }
  return { ok: true, value: { text, kind: 'link', from, to, both } }
}

const listed = (ids: readonly string[]): string => (ids.length > 6 ? `nodes are ${ids[0]} to ${ids.at(-1)}` : `nodes are ${ids.join(', ')}`)
