/** Response times as the report states them: exact, from the intended start, with what timed out at its deadline. */
import type { OperationRecord } from '@shared/run/operation'
import { ascending, quantile } from '@shared/stats/quantiles'
import { responseMs } from './requests'

export interface LatencyMs {
  p50: number | null
  p90: number | null
  p99: number | null
  p999: number | null
  max: number | null
}

/** Below these numbers a tail quantile is the luck of a few requests; the maximum is shown instead. */
const P99_REQUESTS_MIN = 100
const P999_REQUESTS_MIN = 1_000

/**
 * Ok operations, and those that timed out: at their deadline, and where the node gave up first (504) at its answer.
 * Leaving them out would make an outage look fast. Quick refusals are not latencies and are left out.
 */
export function hasLatency(operation: OperationRecord): boolean {
  return operation.outcome === 'ok' || operation.censored || /\b504\b/.test(operation.error ?? '')
}

/** @returns ascending, in ms */
export function latenciesMs(requests: readonly OperationRecord[]): Float64Array {
  return ascending(requests.filter(hasLatency).map(responseMs))
}

export function latency(requests: readonly OperationRecord[]): LatencyMs {
  const sorted = latenciesMs(requests)
  return {
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: sorted.length < P99_REQUESTS_MIN ? null : quantile(sorted, 0.99),
    p999: sorted.length < P999_REQUESTS_MIN ? null : quantile(sorted, 0.999),
    max: sorted.at(-1) ?? null,
  }
}
