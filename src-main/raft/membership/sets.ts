/** Questions about a membership; pure values in, values out. */
import type { Membership, NodeId } from '../types'

export function isVoter({ voters, outgoing }: Membership, id: NodeId): boolean {
  return voters.includes(id) || outgoing.includes(id)
}

/** @returns everyone who has a vote now, each once */
export function allVoters({ voters, outgoing }: Membership): readonly NodeId[] {
  return outgoing.length === 0 ? voters : [...new Set([...voters, ...outgoing])]
}

/** @returns everyone who gets the log */
export function allMembers(membership: Membership): readonly NodeId[] {
  const { learners } = membership
  return learners.length === 0 ? allVoters(membership) : [...new Set([...allVoters(membership), ...learners])]
}

export function isJoint({ outgoing }: Membership): boolean {
  return outgoing.length > 0
}

function areSame(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id))
}

/** What the step from one membership to the next means to somebody who watches. */
export function stageOf(before: Membership, after: Membership): 'learner' | 'joint' | 'final' | 'undone' {
  if (isJoint(after)) return 'joint'
  if (isJoint(before)) return areSame(after.voters, before.outgoing) ? 'undone' : 'final'
  const { joining } = before
  if (joining !== undefined && after.joining === undefined && !after.voters.includes(joining)) return 'undone'
  return after.joining !== undefined || after.learners.length > before.learners.length ? 'learner' : 'final'
}
