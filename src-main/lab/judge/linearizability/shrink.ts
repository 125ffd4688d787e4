/** Makes a violation readable: the shortest prefix of one key's operations that already has no legal order. */
import type { Operation } from '@shared/run/operation'
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

function prefixUntil(operations: readonly Operation[], atNs: number): Operation[] {
  return operations.filter((operation) => operation.start_ns <= atNs).map((operation) => forgetAfter(operation, atNs)).filter((operation) => operation !== null)
}

/** The operation as it was known at that moment: without an answer that came later. */
function forgetAfter(operation: Operation, atNs: number): Operation | null {
  if (operation.outcome !== 'ok' || (operation.end_ns ?? Infinity) <= atNs) return operation
  if (operation.op === 'get') return null
  const { prior: _prior, swapped: _swapped, index: _index, ...asked } = operation
  return { ...asked, outcome: 'unknown', end_ns: null }
}
