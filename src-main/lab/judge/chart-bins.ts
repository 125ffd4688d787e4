/** The load as charts draw it: counts and latency in bins of intended time. */
import type { OperationRecord } from '@shared/run/operation'
import type { Timeline } from '@shared/run/report'
import { ascending, quantile } from '@shared/stats/quantiles'
import { type Stretch, lengthMs } from './axis'
import { hasLatency } from './latency'
import { type Good, responseMs } from './requests'

const BIN_WIDTHS_MS = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000]
const BINS_MAX = 600
/** the same bounds as in the report: below them a quantile is the luck of a few requests */
const P50_REQUESTS_MIN = 1
const P99_REQUESTS_MIN = 100

export interface ChartBins {
  bins: Timeline['bins']
  availabilityWindowMs: number
}

/**
 * `ok`, `fail`, `unknown`, `p50` and `max` are each bin's own. `availability` and `p99` look back from the bin's end
 * over a window of at least one second, since a bin alone holds too few requests for them.
 */
export function chartBins(operations: readonly OperationRecord[], good: Good, stretch: Stretch): ChartBins {
  const widthMs = BIN_WIDTHS_MS.find((width) => lengthMs(stretch) / width <= BINS_MAX) ?? BIN_WIDTHS_MS.at(-1)!
  const windowBins = Math.max(1, Math.ceil(1_000 / widthMs))
  const count = Math.ceil(lengthMs(stretch) / widthMs)
  const binned: OperationRecord[][] = Array.from({ length: count }, () => [])
  for (const operation of operations) {
    binned[Math.floor((operation.intended_ns / 1e6 - stretch.fromMs) / widthMs)]?.push(operation)
  }

  const bins: Timeline['bins'] = {
    widthMs,
    startMs: [],
    ok: [],
    fail: [],
    unknown: [],
    availability: [],
    p50: [],
    p99: [],
    max: [],
  }
  binned.forEach((own, bin) => {
    const window = binned.slice(Math.max(0, bin - windowBins + 1), bin + 1).flat()
    const latencies = timings(own)
    const windowLatencies = timings(window)
    bins.startMs.push(stretch.fromMs + bin * widthMs)
    for (const outcome of ['ok', 'fail', 'unknown'] as const) {
      bins[outcome].push(own.filter((operation) => operation.outcome === outcome).length)
    }
    bins.availability.push(window.length === 0 ? null : window.filter(good).length / window.length)
    bins.p50.push(latencies.length < P50_REQUESTS_MIN ? null : quantile(latencies, 0.5))
    bins.p99.push(windowLatencies.length < P99_REQUESTS_MIN ? null : quantile(windowLatencies, 0.99))
    bins.max.push(latencies.at(-1) ?? null)
  })
  return { bins, availabilityWindowMs: windowBins * widthMs }
}

function timings(operations: readonly OperationRecord[]): Float64Array {
  return ascending(operations.filter(hasLatency).map(responseMs))
}
