/**
 * Whom a fault acts on when it happens. Every draw is made on symbolic names (`leader`, `follower#2`, `n3`) and cast
 * to the nodes of the moment afterwards; this is why a dry run with the recorded roles put in equals the run.
 */
import { drawIndex } from '../stats/random'
import { castOf, symbolicFollower } from './cast'
import { faultOf } from './faults'
import { cutLinks } from './faults/shapes'
import { largestMinority } from './outage'
import type { FaultSpec, Target, TargetPart } from './plan'
import type { DrawnTarget, RoleView } from './schedule'

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
 * Whom this fault acts on. A follower that is held down already is passed over for the next one by id. Where an
 * expression matches nobody now, `refusal` says why, and the rest must not be performed.
 *
 * @param random the stream `targetStream(spec.id)` of the plan's seed, unused so far
 */
export function drawTarget(spec: FaultSpec, view: RoleView, random: () => number): DrawnTarget {
  const drawn = drawSymbolic(spec, symbolicOf(view), random)
  const { names, refusal } = castOf(spec.target, drawn.ranks, view)
  const roles: Record<string, string> = {}
  const called = (name: string): string => {
    const actual = names.get(name)
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
    ...(refusal === null ? {} : { refusal }),
  }
}

interface SymbolicDraw extends Omit<DrawnTarget, 'roles' | 'refusal'> {
  /** the nodes in the order of the draw, for each part of the target */
  ranks: string[][]
}

function drawSymbolic(spec: FaultSpec, symbolic: RoleView, random: () => number): SymbolicDraw {
  const { target } = spec
  const nothing = { nodes: [], links: [], clients: [], groups: [], ranks: [] }
  if (target.kind === 'none') return nothing
  if (target.kind === 'groups') return { ...nothing, groups: target.groups }
  if (target.kind === 'link') return { ...nothing, ...drawLinks(target, symbolic) }
  if (target.kind === 'links') return { ...nothing, links: target.links }
  const { ranks, among } = drawNodes(target, symbolic, random)
  const hit = ranks.flat()
  const nodes = among.filter((node) => hit.includes(node))
  const fault = faultOf(spec.fault)
  const touched = fault.touches(spec.values)
  if (touched !== 'links') return { ...nothing, nodes, ranks, clients: touched === 'clients' ? nodes : [] }
  const others = among.filter((node) => !hit.includes(node))
  return { ...nothing, nodes, ranks, links: cutLinks(fault.shape(spec.values), { nodes, others }, random) }
}

type NodeTarget = Exclude<Target, { kind: 'link' | 'links' | 'groups' | 'none' }>

/** `ranks`: the target, part by part; `among`: all nodes, by role where the target is one, in the order in which calls are made. */
function drawNodes(target: NodeTarget, symbolic: RoleView, random: () => number): { ranks: string[][]; among: string[] } {
  const { ids } = symbolic
  const byRole = byRoleOf(symbolic)
  switch (target.kind) {
    case 'leader':
      return { ranks: [[symbolic.leader]], among: byRole }
    case 'follower':
      return { ranks: [drawn(symbolic.followers, 1, random)], among: byRole }
    case 'any':
      return { ranks: [[ids[drawIndex(random, ids.length)]!]], among: ids }
    case 'node':
      return { ranks: [[target.node]], among: withSpares(ids, [target.node]) }
    case 'all':
      return { ranks: [ids], among: ids }
    case 'minority':
    case 'majority': {
      const minority = drawMinority(symbolic, random)
      const voters = [symbolic.leader, ...symbolic.followers]
      return { ranks: [voters.filter((node) => minority.has(node) === (target.kind === 'minority'))], among: byRole }
    }
    case 'set': {
      const ranks: string[][] = []
      for (const part of target.parts) {
        const candidates = candidatesOf(part, target.isByRole, symbolic).filter((node) => !ranks.flat().includes(node))
        ranks.push(part.take === null ? candidates : drawn(candidates, part.take, random))
      }
      return { ranks, among: target.isByRole ? byRole : withSpares(ids, ranks.flat()) }
    }
  }
}

/** So many of them, or all where members left since the plan was read. */
function drawn(candidates: readonly string[], take: number, random: () => number): string[] {
  const left = [...candidates]
  return Array.from({ length: Math.min(take, left.length) }, () => left.splice(drawIndex(random, left.length), 1)[0]!)
}

/** Whom a part of an expression may come to: by role the leader or any follower, since who matches is known only then. */
function candidatesOf({ leading, others }: TargetPart, isByRole: boolean, symbolic: RoleView): string[] {
  if (!isByRole) return [...others]
  const learners = symbolic.learners ?? []
  const hasFollowers = others.some((id) => !learners.includes(id))
  return [...(leading.length > 0 ? [symbolic.leader] : []), ...(hasFollowers ? symbolic.followers : []), ...learners.filter((id) => others.includes(id))]
}

/** A spare is no member yet, and can be named all the same. */
const withSpares = (ids: readonly string[], named: readonly string[]): string[] => [...ids, ...named.filter((id) => !ids.includes(id))]

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
