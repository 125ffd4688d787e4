/**
 * Makes a violation readable: the shortest prefix of one key's operations that has no legal order, and of that a few
 * operations that have none either.
 */
import type { Operation } from '@shared/run/operation'
import type { Violation } from '@shared/run/violation'
import { prefixUntil } from './prefix'
import { type SearchLimits, searchOrder } from './search'
import { WEAKENINGS, type Weakening } from './weakening'

/** @param operations of one key, known to be in violation; out of time, what is shown is larger than it need be */
export function shrinkViolation(key: string, operations: readonly Operation[], limits: SearchLimits): Violation {
  const { prefix, untilNs } = shortestBadPrefix(operations, limits)
  const few = fewest(prefix, limits).sort((a, b) => a.start_ns - b.start_ns)
  let longest: Operation[] = []
  searchOrder(few, limits, (order) => (longest = order))
  return {
    key,
    operations: few,
    longest_order: longest.map((operation) => few.indexOf(operation)),
    prefix: { operations: prefix.length, until_ns: untilNs },
  }
}

/**
 * Every prefix in time of a linearizable history is linearizable, so the bad prefixes are those from some moment on,
 * and that moment is found by halving. What had not returned by then counts as unknown.
 */
function shortestBadPrefix(operations: readonly Operation[], limits: SearchLimits): { prefix: Operation[]; untilNs: number } {
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
  const untilNs = ends[bad]!
  return { prefix: prefixUntil(operations, untilNs), untilNs }
}

/** Goes on until no single thing can be taken away: what goes may allow something else to go. */
function fewest(operations: readonly Operation[], limits: SearchLimits): Operation[] {
  let kept = [...operations]
  for (;;) {
    const before = kept
    for (const weakening of WEAKENINGS) kept = weaken(kept, weakening, limits)
    if (kept === before) return kept
  }
}

/** Delta debugging (Zeller & Hildebrandt 2002): large parts first, then ever smaller ones. */
function weaken(operations: Operation[], { candidates, apply }: Weakening, limits: SearchLimits): Operation[] {
  let kept = operations
  for (let size = candidates(kept).length; size >= 1; size >>= 1) {
    const open = candidates(kept)
    for (let from = 0; from < open.length; from += size) {
      if (limits.now() > limits.deadlineMs) return kept
      const weaker = apply(kept, new Set(open.slice(from, from + size)))
      if (weaker !== null && searchOrder(weaker, limits) === 'violated') kept = weaker
    }
  }
  return kept
}
