/**
 * Was anything acknowledged lost or untrue? A history can only be accused as far as it is complete: a write that was
 * in flight when the generator or the engine died was never recorded, and what it wrote looks like it came from nowhere.
 */
import { longestDeadlineMs } from '@shared/plan/loads'
import type { Plan } from '@shared/plan/plan'
import type { OperationRecord } from '@shared/run/operation'
import type { RunRecords } from '../store/records'
import { type CheckOptions, type LinearizabilityResult, checkLinearizable } from './linearizability/check'
import { prefixUntil } from './linearizability/prefix'
import { logCuts } from './forced-members'
import { findLostWrites } from './lost-writes'

export interface Integrity {
  linearizable: LinearizabilityResult
  lostWrites: OperationRecord[]
}

/** batches reach the store about five times a second; what settled this long before the last one is in it for certain */
const BATCH_SLACK_NS = 1e9

export function judgeIntegrity(records: RunRecords, plan: Plan, options: CheckOptions): Integrity {
  const { operations, events, closing } = records
  const completeUntilNs = completeUntil(records, plan)
  return {
    linearizable: checkAsFarAsComplete(operations, completeUntilNs, options),
    lostWrites: findLostWrites(completeUntilNs === Infinity ? operations : prefixUntil(operations, completeUntilNs), logCuts(events, closing?.loadStartNs ?? 0)),
  }
}

/**
 * A run that ended as planned or was stopped waited for everything in flight. Otherwise every operation begun a full
 * deadline before the last one recorded had settled by then, so nothing that began before that moment is missing.
 */
function completeUntil({ closing, operations }: RunRecords, plan: Plan): number {
  if (closing !== null && closing.end !== 'ERRORED') return Infinity
  const lastSettledNs = operations.reduce((last, { settled_ns }) => Math.max(last, settled_ns), 0)
  return lastSettledNs - longestDeadlineMs(plan) * 1e6 - BATCH_SLACK_NS
}

function checkAsFarAsComplete(
  operations: readonly OperationRecord[],
  completeUntilNs: number,
  options: CheckOptions,
): LinearizabilityResult {
  if (operations.length === 0) {
    return { verdict: 'unknown', operations: 0, keys: 0, keys_by_index: 0, seconds: 0, reason: 'no operation was recorded' }
  }
  const whole = checkLinearizable(operations, options)
  if (whole.verdict !== 'violated' || completeUntilNs === Infinity) return whole
  // A search that accuses ends early, so there is time for the part that nothing is missing from.
  const complete = checkLinearizable(prefixUntil(operations, completeUntilNs), options)
  if (complete.verdict === 'violated') return { ...complete, operations: whole.operations, keys: whole.keys, keys_by_index: whole.keys_by_index }
  const { violation: _violation, ...rest } = whole
  return { ...rest, verdict: 'unknown', reason: 'the run broke off, and requests in flight at that moment were not recorded' }
}
