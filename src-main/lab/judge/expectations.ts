/** Expectations against observations, and what they come to: HELD, NOT_HELD or INCONCLUSIVE. */
import type { Comparison, Expectation } from '@shared/plan/plan'
import type { ExpectationResult, RunEnd, VerdictWord } from '@shared/run/report'
import type { Findings } from './findings'
import { type Observation, observe } from './observed'

export function judgeExpectations(expectations: readonly Expectation[], findings: Findings): ExpectationResult[] {
  return expectations.map((expectation) => {
    const observation = observe(expectation, findings)
    return {
      metric: expectation.metric,
      ...(expectation.fault !== null && { fault: expectation.fault }),
      ...(expectation.phase !== null && { phase: expectation.phase }),
      ...(expectation.op !== null && { op: expectation.op }),
      expected: expectation.is,
      observed: observation.value ?? wordOf(expectation, findings),
      held: isHeld(observation, expectation),
    }
  })
}

/**
 * NOT_HELD: one expectation was false. Else INCONCLUSIVE where one has no value, a fault's effect was never verified,
 * the run did not end as planned, or nothing was expected. Else HELD.
 */
export function verdictOf(results: readonly ExpectationResult[], allVerified: boolean, end: RunEnd): VerdictWord {
  if (results.some(({ held }) => held === false)) return 'NOT_HELD'
  const isOpen = results.length === 0 || results.some(({ held }) => held === null)
  return isOpen || !allVerified || end !== 'COMPLETED' ? 'INCONCLUSIVE' : 'HELD'
}

/** A value that is only known to be at least something can break an upper limit and keep a lower one. */
function isHeld({ value, atLeast }: Observation, expectation: Expectation): boolean | null {
  if (value !== null) return compare(value, expectation.comparison, expectation.value)
  const limit = expectation.value
  if (atLeast === null || typeof limit !== 'number') return null
  switch (expectation.comparison) {
    case '<':
      return atLeast >= limit ? false : null
    case '<=':
    case '==':
      return atLeast > limit ? false : null
    case '>=':
      return atLeast >= limit ? true : null
    case '>':
    case '!=':
      return atLeast > limit ? true : null
  }
}

function compare(observed: number | string, comparison: Comparison, limit: number | string): boolean {
  switch (comparison) {
    case '<':
      return observed < limit
    case '<=':
      return observed <= limit
    case '>':
      return observed > limit
    case '>=':
      return observed >= limit
    case '==':
      return observed === limit
    case '!=':
      return observed !== limit
  }
}

/** The word is shown even when it decides nothing. */
function wordOf(expectation: Expectation, findings: Findings): string | null {
  return expectation.metric === 'linearizable' ? findings.linearizable.verdict : null
}
