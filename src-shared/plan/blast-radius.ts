/**
 * How many voters a plan can take out at once, at worst: every way in which the roles can fall is tried for the faults
 * that overlap. Where these are too many, the sum of what each takes out alone is used, which is never less.
 */
import { faultOf } from './faults'
import { cutLinks } from './faults/shapes'
import { largestMinority, membersOf, nodesOut, votersOf, type ActiveFault } from './outage'
import { faultTimes } from './phases'
import type { FaultSpec, Plan, Target, TargetPart } from './plan'
import type { DrawnTarget } from './schedule'
import type { EntryPaths, Source } from './source'
import { unfold } from './unfold'

/** Ways to try for one moment. */
const COMBINATIONS_MAX = 3000

export interface WorstMoment {
  /** since load start */
  atMs: number
  out: number
  /** entry of the (last) fault that begins then */
  entry: string
  /** ids of all faults that act then */
  ids: string[]
}

export function checkBlastRadius(plan: Plan, faults: readonly FaultSpec[], entryPaths: EntryPaths, source: Source): void {
  if (['blastRadius', 'cluster.nodes', 'phases'].some((path) => source.isBroken(path))) return
  const voters = votersOf(plan.cluster.nodes).length
  const { blastRadius } = plan
  if (blastRadius.nodes > largestMinority(voters) && !blastRadius.allowQuorumLoss) {
    source.error(
      'blastRadius.nodes',
      `with ${blastRadius.nodes} of ${voters} ${kindOf(plan)} out no quorum is left: say allowQuorumLoss: true if that is meant`,
      String(largestMinority(voters)),
    )
    return
  }
  if (source.isBroken('timeline') || source.isBroken('monkey')) return
  const worst = worstMoments(plan, faults).find((moment) => moment.out > blastRadius.nodes)
  if (!worst) return
  const suggestion = isQuorumLost(worst, plan) ? `blastRadius: { nodes: ${worst.out}, allowQuorumLoss: true }` : `blastRadius: { nodes: ${worst.out} }`
  source.error(`${entryPaths.get(worst.entry)!}.target`, excess(worst, plan), suggestion)
}

/** What a moment takes out beyond what the plan allows, in words. */
export function excess(worst: WorstMoment, plan: Plan): string {
  const together = worst.ids.length > 1 ? `${worst.ids.join(', ')} together take` : `${worst.ids[0]} takes`
  const quorum = isQuorumLost(worst, plan) ? ', and no quorum is left' : ''
  const voters = votersOf(plan.cluster.nodes).length
  return `${together} out up to ${worst.out} of ${voters} ${kindOf(plan)} at once; blastRadius allows ${plan.blastRadius.nodes}${quorum}`
}

const isQuorumLost = (worst: WorstMoment, plan: Plan): boolean => worst.out > largestMinority(votersOf(plan.cluster.nodes).length)
const kindOf = ({ cluster: { nodes } }: Plan): string => (votersOf(nodes).length === nodes.length ? 'nodes' : 'voters')

/**
 * For each moment at which faults begin that can take nodes out, in order of time, how many voters are out then at worst.
 * A fault that waits for a condition may begin at any moment of its phase, and is taken to act all through it.
 */
export function worstMoments(plan: Plan, faults: readonly FaultSpec[] = unfold(plan, plan.seed)): WorstMoment[] {
  const cluster: Members = { ids: membersOf(plan.cluster.nodes), voters: votersOf(plan.cluster.nodes) }
  const harmful = faults
    .map((spec, index) => ({ spec, index, ...faultTimes(spec, plan) }))
    .filter(({ spec }) => faultOf(spec.fault).takesOut(spec.values) !== 'nothing')
  return harmful
    .toSorted((a, b) => a.atMs - b.atMs || a.index - b.index)
    .filter(({ atMs }, position, all) => all[position + 1]?.atMs !== atMs)
    .map(({ atMs, spec: { entry } }) => {
      const active = harmful.filter((other) => other.atMs <= atMs && atMs < other.untilMs).map(({ spec }) => spec)
      return { atMs, entry, ids: active.map(({ id }) => id), out: worstOut(active, cluster) }
    })
}

interface Members {
  ids: readonly string[]
  voters: readonly string[]
}

function worstOut(active: readonly FaultSpec[], cluster: Members): number {
  const { voters } = cluster
  const choices = active.map((spec) => possibleDraws(spec, cluster))
  const ways = choices.reduce((product, draws) => product * Math.max(1, draws.length), 1)
  const isDrawnFurther = active.length > 1 && active.some((spec) => faultOf(spec.fault).shape(spec.values) !== 'around')
  if (ways > COMBINATIONS_MAX || isDrawnFurther) {
    const sum = active.reduce((total, _spec, index) => total + largest(choices[index]!.map((draw) => nodesOut([draw], voters).length)), 0)
    return Math.min(voters.length, sum)
  }
  let worst = 0
  const choose = (chosen: ActiveFault[]): void => {
    const draws = choices[chosen.length]
    if (draws === undefined) worst = Math.max(worst, nodesOut(chosen, voters).length)
    else for (const draw of draws) choose([...chosen, draw])
  }
  choose([])
  return worst
}

/** Every target that the fault could come to, whoever leads by then. */
function possibleDraws(spec: FaultSpec, cluster: Members): ActiveFault[] {
  const { ids, voters } = cluster
  if (spec.target.kind === 'link') {
    const { from, to, both } = spec.target
    const leaders = from === 'leader' || to === 'leader' ? voters : voters.slice(0, 1)
    return leaders.map((leader) => {
      const named = (side: string): readonly string[] => (side === '*' ? ids : [side === 'leader' ? leader : side])
      const forth = named(from).flatMap((a) => named(to).filter((b) => b !== a).map((b) => ({ from: a, to: b })))
      return { fault: spec, drawn: { nodes: [], links: both ? [...forth, ...forth.map((link) => ({ from: link.to, to: link.from }))] : forth } }
    })
  }
  if (spec.target.kind === 'links') return [{ fault: spec, drawn: { nodes: [], links: spec.target.links } }]
  if (spec.target.kind === 'groups' || spec.target.kind === 'none') return []
  return possibleNodes(spec.target, cluster).map((nodes) => ({ fault: spec, drawn: { nodes, links: linksAround(spec, nodes, ids) } }))
}

function possibleNodes(target: Exclude<Target, { kind: 'link' | 'links' | 'groups' | 'none' }>, { ids, voters }: Members): string[][] {
  switch (target.kind) {
    case 'leader':
    case 'follower':
      return voters.map((id) => [id])
    case 'any':
      return ids.map((id) => [id])
    case 'node':
      return [[target.node]]
    case 'all':
      return [[...ids]]
    case 'minority':
      return subsets(voters, largestMinority(voters.length))
    case 'set':
      return possibleSets(target.parts, target.isByRole ? voters : voters.slice(0, 1))
    case 'majority':
      return subsets(voters, voters.length - largestMinority(voters.length))
  }
}

/** Every choice of every part, whoever of these leads. */
function possibleSets(parts: readonly TargetPart[], leaders: readonly string[]): string[][] {
  const found = new Map<string, string[]>()
  for (const leader of leaders) {
    const choices = parts.map(({ take, leading, others }) => {
      const matching = [...leading.filter((id) => id === leader), ...others.filter((id) => id !== leader)]
      return take === null ? [matching] : subsets(matching, Math.min(take, matching.length))
    })
    const ways = choices.reduce<string[][]>((chosen, next) => chosen.flatMap((ids) => next.map((more) => [...ids, ...more])), [[]])
    for (const ids of ways) found.set(ids.join(), ids)
  }
  return [...found.values()]
}

function linksAround(spec: FaultSpec, nodes: readonly string[], ids: readonly string[]): DrawnTarget['links'] {
  const fault = faultOf(spec.fault)
  if (fault.takesOut(spec.values) !== 'links' || fault.touches(spec.values) !== 'links') return []
  // Whoever else stands where, alone a shape takes out equally many: any draw will do.
  return cutLinks(fault.shape(spec.values), { nodes, others: ids.filter((id) => !nodes.includes(id)) }, () => 0)
}

function subsets(ids: readonly string[], size: number): string[][] {
  if (size === 0) return [[]]
  return ids.flatMap((id, index) => subsets(ids.slice(index + 1), size - 1).map((rest) => [id, ...rest]))
}

const largest = (numbers: readonly number[]): number => numbers.reduce((most, number) => Math.max(most, number), 0)
