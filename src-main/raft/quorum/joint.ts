/**
 * Majorities of a membership. While two sets decide together (joint consensus, Raft §6) whatever a majority has to
 * reach, a majority of *each* has to reach; the rest of the core never looks at more than this.
 */
import type { Membership, NodeId } from '../types'
import { ballotResult, reachedByMajority } from './majority'

/** The highest value that a quorum has reached. `valueOf` is asked for voters only. */
export function reachedByQuorum({ voters, outgoing }: Membership, valueOf: (id: NodeId) => number): number {
  const reached = reachedByMajority(voters.map(valueOf))
  return outgoing.length === 0 ? reached : Math.min(reached, reachedByMajority(outgoing.map(valueOf)))
}

/** A ballot is won when both sets grant it, and lost as soon as one can't any more. Only voters count. */
export function quorumBallot(
  { voters, outgoing }: Membership,
  granted: ReadonlySet<NodeId>,
  refused: ReadonlySet<NodeId>,
): 'won' | 'lost' | 'open' {
  const ofSet = (set: readonly NodeId[]): 'won' | 'lost' | 'open' =>
    ballotResult(set.length, set.filter((id) => granted.has(id)).length, set.filter((id) => refused.has(id)).length)
  const first = ofSet(voters)
  if (outgoing.length === 0 || first === 'lost') return first
  const second = ofSet(outgoing)
  return first === 'won' ? second : second === 'lost' ? 'lost' : 'open'
}
