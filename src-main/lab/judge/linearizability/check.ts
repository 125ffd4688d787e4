/**
 * The verdict on a whole history: linearizability is local (Herlihy & Wing 1990, theorem 1), so each key is searched by
 * itself, and the history is linearizable when every key is.
 */
import type { Operation } from '@shared/run/operation'
import type { LinearizableWord } from '@shared/run/report'
import type { Violation } from '@shared/run/violation'
import { countWritten, dropUnobserved } from './dropping'
import { isLogOrderLinearization } from './log-order'
import { type SearchLimits, type SearchResult, searchOrder } from './search'
import { shrinkViolation } from './shrink'

export interface LinearizabilityResult {
  verdict: LinearizableWord
  operations: number
  keys: number
  /** of the keys, those that the log's own order explains: they needed no search */
  keys_by_index: number
  seconds: number
  violation?: Violation
  /** why it is unknown */
  reason?: string
}

export interface CheckOptions {
  budgetMs: number
  /** monotonic ms */
  now: () => number
  /** try the order of the log first; true unless said otherwise */
  usesIndex?: boolean
}

/** first look at every key; the hard ones share what is left */
const FIRST_LOOK_SHARE = 0.1
const SHRINK_BUDGET_MS = 2_000
/** many searches, of which a hard one is passed over */
const SHRINK_CONFIGURATIONS_MAX = 200_000
/** about 200 MB of memo at worst */
const CONFIGURATIONS_MAX = 1_500_000

export function checkLinearizable(history: readonly Operation[], options: CheckOptions): LinearizabilityResult {
  const { budgetMs, now, usesIndex = true } = options
  const startMs = now()
  const byKey = partition(history)
  const unexplained = [...byKey.keys()].filter((key) => !usesIndex || !isLogOrderLinearization(byKey.get(key)!))
  const writtenTimes = countWritten(unexplained.length > 0 ? history : [])
  const limitsFor = (shareMs: number): SearchLimits => ({
    now,
    deadlineMs: Math.min(now() + shareMs, startMs + budgetMs),
    configurationsMax: CONFIGURATIONS_MAX,
  })
  const result = (
    verdict: LinearizableWord,
    more: Pick<LinearizabilityResult, 'violation' | 'reason'> = {},
  ): LinearizabilityResult => ({
    verdict,
    operations: history.length,
    keys: byKey.size,
    keys_by_index: byKey.size - unexplained.length,
    seconds: Math.round(now() - startMs) / 1e3,
    ...more,
  })

  let open = unexplained
  const looks = [budgetMs * FIRST_LOOK_SHARE, budgetMs]
  for (const [look, lookMs] of looks.entries()) {
    const undecided: string[] = []
    for (const [index, key] of open.entries()) {
      const leftMs = startMs + budgetMs - now()
      const shareMs = look === 0 ? lookMs : leftMs / (open.length - index)
      const operations = byKey.get(key)!
      const found = leftMs <= 0 ? 'gave-up' : checkKey(operations, writtenTimes, limitsFor(shareMs))
      if (found === 'gave-up') undecided.push(key)
      if (found === 'violated') {
        const limits = { now, deadlineMs: now() + SHRINK_BUDGET_MS, configurationsMax: SHRINK_CONFIGURATIONS_MAX }
        return result('violated', { violation: shrinkViolation(key, dropUnobserved(operations, writtenTimes), limits) })
      }
    }
    open = undecided
  }
  if (open.length === 0) return result('ok')
  const bounds = `${budgetMs / 1e3} s and ${CONFIGURATIONS_MAX} configurations a key`
  return result('unknown', { reason: `no verdict within ${bounds} on ${open.length} of ${byKey.size} keys, first ${open[0]}` })
}

/** An accusation made on the shortened history is confirmed on the full one; if that can't be done, nobody is accused. */
function checkKey(
  operations: readonly Operation[],
  writtenTimes: ReadonlyMap<string, number>,
  limits: SearchLimits,
): SearchResult {
  const kept = dropUnobserved(operations, writtenTimes)
  const found = searchOrder(kept, limits)
  if (found !== 'violated') return found
  const constraining = operations.filter((operation) => operation.outcome === 'ok' || operation.op !== 'get')
  return kept.length < constraining.length ? searchOrder(constraining, limits) : found
}

/** Failed operations had no effect: they constrain nothing and are in no partition. */
function partition(history: readonly Operation[]): Map<string, Operation[]> {
  const byKey = new Map<string, Operation[]>()
  for (const operation of history) {
    const own = byKey.get(operation.key)
    if (own === undefined) byKey.set(operation.key, operation.outcome === 'fail' ? [] : [operation])
    else if (operation.outcome !== 'fail') own.push(operation)
  }
  return byKey
}
