/** Operators' faults that can't change the members as they say: who joins is no member yet, and who leaves is one. */
import { inOrder } from './expand'
import { faultOf } from './faults'
import type { MembersChange } from './faults/fault'
import { isKnown, type Members } from './members'
import type { Plan, PlanNode } from './plan'
import type { EntryPaths, Source } from './source'
import { MONKEY } from './unfold'

/** A fault that waits, or one of the monkey's, may come before or after others: nothing is said from there on. */
export function checkMembers(plan: Plan, entryPaths: EntryPaths, source: Source): void {
  if (['cluster.nodes', 'phases', 'timeline', 'monkey'].some((path) => source.isBroken(path))) return
  for (const { spec, drawn, members } of inOrder(plan, plan.seed)) {
    const change = faultOf(spec.fault).membersChange(spec.values, drawn.nodes)
    if (!change) continue
    if (spec.when !== null || spec.entry === MONKEY) return
    const misfit = misfitOf(members, change, plan.cluster.nodes)
    if (misfit) source.error(`${entryPaths.get(spec.entry)!}.${misfit.key}`, misfit.message, misfit.suggestion)
  }
}

interface Misfit {
  /** of the entry */
  key: 'target' | 'with'
  message: string
  suggestion: string | null
}

/** Why the members can't change so; null = they can, or nobody knows yet. */
function misfitOf(members: Members, change: MembersChange, nodes: readonly PlanNode[]): Misfit | null {
  if (members.isGuess) return null
  const { voters, learners } = members
  const isMember = (id: string): boolean => voters.includes(id) || learners.includes(id)
  const goes = (change.kind === 'forced' ? change.voters : change.leaves).find((id) => isKnown([id], nodes) && !isMember(id))
  if (goes !== undefined) return { key: 'target', message: `${goes} is no member of the cluster then`, suggestion: null }
  if (change.kind === 'forced') return null
  const { joins, withVote, named } = change
  const joined = joins.find((id) => !isKnown([id], nodes) || voters.includes(id) || (!withVote && learners.includes(id)))
  if (joined === undefined) return null
  const free = nodes.find(({ id, spare }) => spare && !isMember(id))?.id ?? null
  const who = 'who joins is a spare node ({ id: n6, spare: true }), or one that was removed before'
  return { key: named, message: `${joined} is a member of the cluster already: ${who}`, suggestion: free }
}
