/** Which nodes are out: down, or on the wrong side of a cut. Used before a run (blast radius) and during it. */
import { faultOf } from './faults'
import type { FaultSpec, PlanNode } from './plan'
import type { DrawnTarget } from './schedule'

/** A fault as it acts: what was planned, and whom it hit. */
export interface ActiveFault {
  fault: FaultSpec
  drawn: Pick<DrawnTarget, 'nodes' | 'links'>
}

/** @returns ids of the nodes that the cluster begins with, in order */
export const membersOf = (nodes: readonly PlanNode[]): string[] => nodes.filter((node) => !node.spare).map((node) => node.id)

/** @returns ids of the members that count towards a quorum, in order */
export const votersOf = (nodes: readonly PlanNode[]): string[] => nodes.filter((node) => !node.learner && !node.spare).map((node) => node.id)

/** @returns ids of the members that don't */
export const learnersOf = (nodes: readonly PlanNode[]): string[] => nodes.filter((node) => node.learner && !node.spare).map((node) => node.id)

/** ⌊(n−1)/2⌋: the most voters that can be out while the others are still a quorum. */
export const largestMinority = (nodes: number): number => Math.floor((nodes - 1) / 2)

/**
 * Out are nodes crashed or paused and, with a partition, those outside the largest group in which every member still
 * reaches every other both ways. Reaching is direct, since Raft relays nothing; among equal groups the one
 * with the nodes that come first counts as the one that is left. Of nodes that are out in turns as many as can be out at
 * once are taken from those that would be left: never less than what comes to pass.
 *
 * @param ids all voters, in order: a learner that is out costs no quorum
 * @returns those that are out, in order
 */
export function nodesOut(active: readonly ActiveFault[], ids: readonly string[]): string[] {
  const down = new Set<string>()
  const cut = new Set<string>()
  const inTurns: { nodes: readonly string[]; atOnce: number }[] = []
  for (const { fault, drawn } of active) {
    const kind = faultOf(fault.fault)
    const takesOut = kind.takesOut(fault.values)
    const atOnce = kind.outAtOnce(fault.values)
    if (takesOut === 'nodes' && atOnce < drawn.nodes.length) inTurns.push({ nodes: drawn.nodes, atOnce })
    else if (takesOut === 'nodes') for (const node of drawn.nodes) down.add(node)
    if (takesOut === 'links') for (const link of drawn.links) cut.add(`${link.from} ${link.to}`)
  }
  const alive = ids.filter((id) => !down.has(id))
  const left = new Set(cut.size === 0 ? alive : largestGroup(alive, (a, b) => !cut.has(`${a} ${b}`) && !cut.has(`${b} ${a}`)))
  for (const { nodes, atOnce } of inTurns) for (const node of nodes.filter((id) => left.has(id)).slice(0, atOnce)) left.delete(node)
  return ids.filter((id) => !left.has(id))
}

/** Largest clique by branch and bound; a cluster has few nodes. */
function largestGroup(ids: readonly string[], joined: (a: string, b: string) => boolean): string[] {
  let best: string[] = []
  const grow = (group: string[], candidates: readonly string[]): void => {
    if (group.length > best.length) best = group
    candidates.forEach((next, index) => {
      if (group.length + candidates.length - index <= best.length) return
      grow([...group, next], candidates.slice(index + 1).filter((other) => joined(next, other)))
    })
  }
  grow([], ids)
  return best
}
