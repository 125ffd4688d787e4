/** What "normal" is: the phase `baseline`, the same for every fault of the run. */
import type { OperationRecord } from '@shared/run/operation'
import { quantile } from '@shared/stats/quantiles'
import { median, medianAbsoluteDeviation } from '@shared/stats/spread'
import type { Stretch } from './axis'
import { binService, goodRatio } from './bins'
import { latenciesMs } from './latency'
import { type Good, requestsIn } from './requests'

export interface Baseline {
  /** g₀: median good ratio of the baseline's bins, 0…1 */
  goodRatio: number
  /** a bin succeeds when its good ratio is at least g₀ − max(0.1, 3·MAD) */
  succeedsFrom: number
  /** P99₀ (with under 100 requests that is their maximum); null when none had a latency */
  p99Ms: number | null
  /** P99 is back to normal up to max(1.5·P99₀, P99₀ + 5 ms) */
  p99LimitMs: number | null
}

/** @returns null when the baseline has no request: then nobody can say what recovered means */
export function measureBaseline(
  operations: readonly OperationRecord[],
  good: Good,
  phase: Stretch,
  binMs: number,
): Baseline | null {
  // A grid of its own, from the phase's start: a bin that reaches into warm-up or into the first fault is not normal.
  const requests = requestsIn(operations, phase)
  const bins = binService(requests, good, binMs, phase)
  const ratios = Array.from(bins.asked, (_, bin) => goodRatio(bins, bin)).filter((ratio) => ratio !== null)
  const middle = median(ratios)
  const deviation = medianAbsoluteDeviation(ratios)
  if (middle === null || deviation === null) return null
  const p99Ms = quantile(latenciesMs(requests), 0.99)
  return {
    goodRatio: middle,
    succeedsFrom: middle - Math.max(0.1, 3 * deviation),
    p99Ms,
    p99LimitMs: p99Ms === null ? null : Math.max(1.5 * p99Ms, p99Ms + 5),
  }
}
