/**
 * The load as seen while it runs: operations counted when they settle, in bins of 200 ms. What is in flight for longer
 * than a second counts against availability now, long before it is known to have failed.
 */
import type { OperationRecord } from '@shared/run/operation'
import { quantile } from '@shared/stats/quantiles'

export const BIN_MS = 200
const SECOND_BINS = 1000 / BIN_MS

export interface Bin {
  atMs: number
  ok: number
  fail: number
  unknown: number
  latenciesMs: number[]
  /** requests in flight for more than a second, at the end of the bin */
  overdue: number
}

export interface LoadNow {
  ok: number
  fail: number
  unknown: number
  availability: number | null
  p50: number | null
  p99: number | null
  max: number | null
  n: number
  /** sent and not answered yet; of those, in flight for more than a second */
  inFlight: number
  overdue: number
}

/** Too few values for a 99th percentile: the report's rule, too. */
const P99_NEEDS = 100

export class LoadWindow {
  readonly total = { ok: 0, fail: 0, unknown: 0 }
  private current: Bin = emptyBin(0)
  private last: Bin[] = []
  private backlog = { inFlight: 0, overdue: 0 }

  add(operations: readonly OperationRecord[], backlog: { inFlight: number; overdue: number }): void {
    this.backlog = backlog
    for (const operation of operations) {
      this.current[operation.outcome]++
      this.total[operation.outcome]++
      if (operation.outcome === 'ok' || operation.censored) this.current.latenciesMs.push((operation.settled_ns - operation.intended_ns) / 1e6)
    }
  }

  /** Closes the current bin. @returns it, as the charts want it */
  turn(nowMs: number): { atMs: number; ok: number; fail: number; unknown: number; p50: number | null; p99: number | null; max: number | null } {
    const bin = { ...this.current, overdue: this.backlog.overdue }
    this.last.push(bin)
    if (this.last.length > SECOND_BINS) this.last.shift()
    this.current = emptyBin(nowMs)
    return { atMs: bin.atMs, ok: bin.ok, fail: bin.fail, unknown: bin.unknown, ...latency(bin.latenciesMs) }
  }

  /** The last second. */
  now(): LoadNow {
    const sum = { ok: 0, fail: 0, unknown: 0 }
    for (const bin of this.last) {
      sum.ok += bin.ok
      sum.fail += bin.fail
      sum.unknown += bin.unknown
    }
    const n = sum.ok + sum.fail + sum.unknown
    const { inFlight, overdue } = this.backlog
    const valid = n + overdue
    const { p50, p99, max } = latency(this.last.flatMap((bin) => bin.latenciesMs))
    return { ...sum, n, inFlight, overdue, availability: valid === 0 ? null : sum.ok / valid, p50, p99: n < P99_NEEDS ? null : p99, max }
  }
}

function emptyBin(atMs: number): Bin {
  return { atMs, ok: 0, fail: 0, unknown: 0, latenciesMs: [], overdue: 0 }
}

function latency(valuesMs: number[]): { p50: number | null; p99: number | null; max: number | null } {
  if (valuesMs.length === 0) return { p50: null, p99: null, max: null }
  const sorted = Float64Array.from(valuesMs).sort()
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1)! }
}
