/** Who plays the symbolic names of a draw at a moment: one to one, passing over who is down or does not match. */
import type { Target } from './plan'
import type { RoleView } from './schedule'

/** The k-th voter beside the leader, in order of ids; the name counts from 1. */
export const symbolicFollower = (index: number): string => `follower#${index + 1}`
const placeOf = (name: string): number => (name.startsWith('follower#') ? Number(name.slice('follower#'.length)) - 1 : -1)

export interface Cast {
  /** symbolic name → name in the view */
  names: Map<string, string>
  /** why this target is nobody now; null = it is somebody */
  refusal: string | null
}

/** @param ranks symbolic names as they were drawn, for each part of the target */
export function castOf(target: Target, ranks: readonly (readonly string[])[], view: RoleView): Cast {
  const players = [...view.followers]
  const settled = new Set<number>()
  let refusal: string | null = null
  const settle = (name: string, matches: (id: string) => boolean): void => {
    const at = placeOf(name)
    if (at < 0) return
    const free = players.map((_, step) => (at + step) % players.length).filter((index) => !settled.has(index) && matches(players[index]!))
    const next = free.find((index) => !view.down?.includes(players[index]!)) ?? free[0]
    if (next === undefined) refusal = `"${target.text}": so many are not there (${view.leader} leads)`
    // Whoever is passed over gets the name of the one that plays in its place.
    else [players[at], players[next]] = [players[next]!, players[at]!]
    settled.add(at)
  }
  if (target.kind === 'follower') for (const name of ranks[0]!) settle(name, () => true)
  if (target.kind === 'set' && target.isByRole && !isSymbolic(view)) {
    for (const [index, { take, leading, others }] of target.parts.entries()) {
      // A node that was added meanwhile is in no expression.
      if (leading.length > 0 && view.ids.includes(view.leader) && !leading.includes(view.leader)) refusal = `"${target.text}" is nobody: ${view.leader} leads`
      if (take !== null) for (const name of ranks[index]!) settle(name, (id) => others.includes(id))
    }
  }
  const asked = target.kind === 'set' ? target.parts.map(({ take }) => take ?? 0) : []
  const isShort = ranks.some((names, index) => names.length < (asked[index] ?? 1))
  if (isShort || (ranks.length > 0 && ranks.flat().length === 0)) refusal ??= `"${target.text}": so many members are not left`
  return { names: new Map([['leader', view.leader], ...players.map((node, index): [string, string] => [symbolicFollower(index), node])]), refusal }
}

/** No node is called so. */
const isSymbolic = (view: RoleView): boolean => view.leader === 'leader'
