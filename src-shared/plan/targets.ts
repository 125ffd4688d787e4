/** Target strings read: whom a fault acts on, as the plan says it. Who that is when it happens: `draw.ts`. */
import type { Reading } from './field'
import { nearestWord } from './nearest'
import { largestMinority } from './outage'
import type { Target } from './plan'

const roleTargets = ['leader', 'follower', 'any', 'all', 'minority', 'majority'] as const
type RoleTarget = (typeof roleTargets)[number]

/** Names that no node may have. */
export const reservedNames: readonly string[] = roleTargets

/** Of a fault that is about the whole cluster. */
export const NO_TARGET: Target = { text: 'cluster', kind: 'none' }

/** Client groups by name; `all` = each. No group: there is none of that name. */
export function groupTarget(text: string, groups: readonly string[]): Extract<Target, { kind: 'groups' }> {
  return { text, kind: 'groups', groups: groups.filter((group) => text === 'all' || text === group) }
}

/** Reads a target string against the nodes that the cluster has; roles belong to voters, of which there are `voters`. */
export function parseTarget(text: string, ids: readonly string[], voters = ids.length): Reading<Target> {
  const link = /^\s*([^\s<>-]+)\s*(<->|->)\s*([^\s<>-]+)\s*$/.exec(text)
  if (link) return parseLink(text, link[1]!, link[3]!, link[2] === '<->', ids)
  const role = roleTargets.find((candidate) => candidate === text)
  if (role !== undefined) return fitting(text, role, voters)
  if (ids.includes(text)) return { ok: true, value: { text, kind: 'node', node: text } }
  if (/[<>]|--/.test(text)) {
    return { ok: false, message: `"${text}" is not a link: write n1->n2, n1<->n2, leader->* or *->leader`, suggestion: null }
  }
  return { ok: false, message: `there is no node "${text}" (${listed(ids)})`, suggestion: nearestNode(text, [...ids, ...roleTargets]) }
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

/** Nearness says nothing among `n1`, `n2`, …: a node of a cluster that is too small gets no suggestion. */
function nearestNode(text: string, words: readonly string[]): string | null {
  return /^n\d+$/.test(text) ? null : nearestWord(text, words)
}
