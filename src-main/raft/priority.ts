/**
 * A far replica should lead last. Two rules, on numbers from 0 to 100 (100 when nothing is said):
 *
 * - it campaigns later: its election timeouts are longer by the share it lacks, twice as long at 0. With timeouts
 *   drawn from [T, 2T] a node of priority 0 waits until all others have had their turn.
 * - it yields: once in office for an election timeout it moves leadership to the voter of the highest priority above
 *   its own that answers and is being kept up to date; after an attempt it waits ten times as long for the next one,
 *   also when the attempt deposed it: a target that no majority reaches raises the term and then can't win.
 */
import type { NodeId, RaftConfig } from './types'

export const PRIORITY_MAX = 100
/** election timeouts between two attempts to yield: a link that can't carry a leader must not be tried all the time */
export const YIELD_PAUSE_TIMEOUTS = 10

/** @returns by how much election timeouts are longer, 1…2 */
export function timeoutFactor(priority = PRIORITY_MAX): number {
  return 1 + (PRIORITY_MAX - priority) / PRIORITY_MAX
}

/** @returns to whom a leader should yield: the highest above its own, the first among equals; null = stay */
export function yieldTo(
  { priority = PRIORITY_MAX, peerPriorities }: Pick<RaftConfig, 'priority' | 'peerPriorities'>,
  ready: readonly NodeId[],
): NodeId | null {
  if (!peerPriorities) return null
  let best: { id: NodeId | null; priority: number } = { id: null, priority }
  for (const id of ready) {
    const other = peerPriorities[id] ?? PRIORITY_MAX
    if (other > best.priority) best = { id, priority: other }
  }
  return best.id
}
