/**
 * Who is a member when a fault begins, as far as a plan tells: operators' faults that began earlier are taken as done. The
 * run draws from whoever is a member then; this is the same for the dry run.
 */
import { faultOf } from './faults'
import { learnersOf, votersOf } from './outage'
import type { FaultSpec, PlanNode } from './plan'

export interface Members {
  /** both in the plan's order */
  voters: readonly string[]
  learners: readonly string[]
  /** a member left by its role: how many are left is known, and not who */
  isGuess: boolean
}

export const membersAtStart = (nodes: readonly PlanNode[]): Members => ({ voters: votersOf(nodes), learners: learnersOf(nodes), isGuess: false })

/** @param drawn whom the fault hits: ids, or symbolic names */
export function membersAfter(members: Members, spec: FaultSpec, drawn: readonly string[], nodes: readonly PlanNode[]): Members {
  const change = faultOf(spec.fault).membersChange(spec.values, drawn)
  if (!change) return members
  const inOrder = (ids: readonly string[]): string[] => nodes.map(({ id }) => id).filter((id) => ids.includes(id))
  if (change.kind === 'forced') {
    return isKnown(change.voters, nodes) ? { voters: inOrder(change.voters), learners: [], isGuess: false } : { ...members, isGuess: true }
  }
  const { joins, withVote, leaves } = change
  const stays = (id: string): boolean => !leaves.includes(id)
  const byRole = leaves.filter((id) => !isKnown([id], nodes)).length
  const voters = inOrder([...members.voters.filter(stays), ...(withVote ? joins : [])])
  const learners = inOrder([...members.learners.filter((id) => stays(id) && !joins.includes(id)), ...(withVote ? [] : joins)])
  const left = voters.slice(0, Math.max(1, voters.length - byRole))
  // The last voter stays, whoever is told to go.
  return { voters: left.length > 0 ? left : members.voters.slice(0, 1), learners, isGuess: members.isGuess || byRole > 0 }
}

/** Not by their roles. */
export const isKnown = (ids: readonly string[], nodes: readonly PlanNode[]): boolean => ids.every((id) => nodes.some((node) => node.id === id))
