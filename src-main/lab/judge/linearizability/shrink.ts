/** Makes a violation readable: the shortest prefix of one key's operations that already has no legal order. */
import type { Operation } from '@shared/run/operation'
import { prefixUntil } from './prefix'
import { type SearchLimits, searchOrder } from './search'

/**
 * Every prefix in time of a linearizable history is linearizable, so the bad prefixes are those from some moment on,
 * and that moment is found by halving. What had not returned by then counts as unknown.
 *
 * @param operations of one key, known to be in violation
 * @returns the operations begun up to that moment, in order of their start; all of them when time ran out
 */
export function shortestBadPrefix(operations: readonly Operation[], limits: SearchLimits): Operation[] {
  const ends = operations
    .filter((operation) => operation.outcome === 'ok')
    .map((operation) => operation.end_ns ?? Infinity)
    .sort((a, b) => a - b)
  let [good, bad] = [-1, ends.length - 1]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    const found = searchOrder(prefixUntil(operations, ends[middle]!), limits)
    if (found === 'gave-up') break
    if (found === 'violated') bad = middle
    else good = middle
  }
  return prefixUntil(operations, ends[bad] ?? Infinity).sort((a, b) => a.start_ns - b.start_ns)
}
