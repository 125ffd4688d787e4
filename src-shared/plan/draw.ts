/**
 * Whom a fault acts on when it happens. Every draw is made on symbolic names (`leader`, `follower#2`, `n3`) and cast
 * to the nodes of the moment afterwards; this is why a dry run with the recorded roles put in equals the run.
 */
import { drawIndex } from '../stats/random'
import { faultOf } from './faults'
import { cutLinks } from './faults/shapes'
import { largestMinority } from './outage'
import type { FaultSpec, Target } from './plan'
import type { DrawnTarget, RoleView } from './schedule'

/** The k-th voter beside the leader, in order of ids; the name counts from 1. */
const symbolicFollower = (index: number): string => `follower#${index + 1}`

/** The view of a dry run: roles of voters stay names; a learner plays no role and keeps its own. */
export function symbolicView(ids: readonly string[], learners: readonly string[] = []): RoleView {
  const followers = ids.filter((id) => !learners.includes(id)).slice(1)
  return { ids: [...ids], leader: 'leader', followers: followers.map((_, index) => symbolicFollower(index)), learners: [...learners] }
}

/** The same with nobody's name in it: draws must not depend on who leads. */
const symbolicOf = (view: RoleView): RoleView => symbolicView(view.ids, view.learners)

/** @returns the name of the stream that `drawTarget` of this fault takes its numbers from, and nothing else does */
export const targetStream = (id: string): string => `target/${id}`

/**
 * Whom this fault acts on. A follower that is held down already is passed over for the next one by id.
 *
 * @param random the stream `targetStream(spec.id)` of the plan's seed, unused so far
 */
export function drawTarget(spec: FaultSpec, view: RoleView, random: () => number): DrawnTarget {
  const drawn = drawSymbolic(spec, symbolicOf(view), random)
  const cast = castOf(spec, drawn.nodes[0], view)
  const roles: Record<string, string> = {}
  const called = (name: string): string => {
    const actual = cast.get(name)
    if (actual === undefined) return name
    roles[name] = actual
    return actual
  }
  return {
    nodes: drawn.nodes.map(called),
    links: drawn.links.map((link) => ({ from: called(link.from), to: called(link.to) })),
    clients: drawn.clients.map(called),
    groups: drawn.groups,
    roles,
  }
}

function drawSymbolic(spec: FaultSpec, symbolic: RoleView, random: () => number): Omit<DrawnTarget, 'roles'> {
  const { target } = spec
  const nothing = { nodes: [], links: [], clients: [], groups: [] }
  if (target.kind === 'none') return nothing
  if (target.kind === 'groups') return { ...nothing, groups: target.groups }
  if (target.kind === 'link') return { ...nothing, ...drawLinks(target, symbolic) }
  const { nodes, others } = drawNodes(target, symbolic, random)
  const fault = faultOf(spec.fault)
  const touched = fault.touches(spec.values)
  if (touched !== 'links') return { ...nothing, nodes, clients: touched === 'clients' ? nodes : [] }
  return { ...nothing, nodes, links: cutLinks(fault.shape(spec.values), { nodes, others }, random) }
}

type NodeTarget = Exclude<Target, { kind: 'link' | 'groups' | 'none' }>

/** `nodes`: the target; `others`: all nodes outside it. */
function drawNodes(
  target: NodeTarget,
  symbolic: RoleView,
  random: () => number,
): { nodes: string[]; others: string[] } {
  const { ids } = symbolic
  const byRole = byRoleOf(symbolic)
  const split = (all: readonly string[], isTarget: (node: string) => boolean): { nodes: string[]; others: string[] } => ({
    nodes: all.filter(isTarget),
    others: all.filter((node) => !isTarget(node)),
  })
  switch (target.kind) {
    case 'leader':
      return split(byRole, (node) => node === symbolic.leader)
    case 'follower': {
      const follower = symbolic.followers[drawIndex(random, symbolic.followers.length)]
      return split(byRole, (node) => node === follower)
    }
    case 'any': {
      const drawn = ids[drawIndex(random, ids.length)]
      return split(ids, (node) => node === drawn)
    }
    case 'node':
      // it may be a spare, which is no member yet
      return { nodes: [target.node], others: ids.filter((node) => node !== target.node) }
    case 'all':
      return split(ids, () => true)
    case 'minority':
    case 'majority': {
      const minority = drawMinority(symbolic, random)
      const isVoter = (node: string): boolean => symbolic.learners?.includes(node) !== true
      return split(byRole, (node) => isVoter(node) && minority.has(node) === (target.kind === 'minority'))
    }
  }
}

/** Everybody, by role where there is one. */
const byRoleOf = (view: RoleView): string[] => [view.leader, ...view.followers, ...(view.learners ?? [])]

/** ⌊(n−1)/2⌋ of n voters: the leader, and followers drawn without putting back. */
function drawMinority(view: RoleView, random: () => number): Set<string> {
  const minority = new Set([view.leader])
  const left = [...view.followers]
  while (minority.size < largestMinority(1 + view.followers.length)) minority.add(left.splice(drawIndex(random, left.length), 1)[0]!)
  return minority
}

function drawLinks(target: Extract<Target, { kind: 'link' }>, symbolic: RoleView): Pick<DrawnTarget, 'nodes' | 'links'> {
  const { from, to, both } = target
  const around = from === 'leader' || to === 'leader' ? byRoleOf(symbolic).filter((node) => node !== symbolic.leader) : symbolic.ids
  const ends = (side: string, other: string): readonly string[] => (side === '*' ? around.filter((node) => node !== other) : [side])
  const forth = ends(from, to).flatMap((a) => ends(to, from).map((b) => ({ from: a, to: b })))
  return {
    nodes: [from, to].filter((side) => side !== '*'),
    links: both ? forth.flatMap((link) => [link, { from: link.to, to: link.from }]) : forth,
  }
}

/** Who plays which role now. One to one, also where a follower that is down gives its name to the one drawn in its place. */
function castOf(spec: FaultSpec, drawn: string | undefined, view: RoleView): Map<string, string> {
  const players = [...view.followers]
  const at = symbolicOf(view).followers.indexOf(drawn ?? '')
  if (spec.target.kind === 'follower' && at >= 0) {
    const turn = players.map((_, step) => (at + step) % players.length)
    const next = turn.find((index) => !view.down?.includes(players[index]!)) ?? at
    const passedOver = players[at]!
    players[at] = players[next]!
    players[next] = passedOver
  }
  return new Map([['leader', view.leader], ...players.map((node, index): [string, string] => [symbolicFollower(index), node])])
}
