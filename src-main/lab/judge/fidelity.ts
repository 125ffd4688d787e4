/**
 * The fidelity gate: a run whose instruments could not keep their own promises is INVALID, not slow. Every reason is a
 * sentence with the measured value and its limit.
 */
import type { Plan } from '@shared/plan/plan'
import type { Report } from '@shared/run/report'
import { mergeHistograms } from '@shared/stats/histogram'
import { ascending, quantile } from '@shared/stats/quantiles'
import type { RunRecords } from '../store/records'
import type { Axis } from './axis'
import { requestsIn } from './requests'

export const STALL_LIMIT_MS = 250
const SEND_LAG_FLOOR_MS = 2
const SEND_LAG_SLO_SHARE = 0.05

export interface Fidelity {
  figures: Report['fidelity']
  /** empty = valid */
  invalid: string[]
}

export function judgeFidelity(records: RunRecords, plan: Plan, axis: Axis): Fidelity {
  const withinMs = plan.slos[0]?.good.withinMs ?? null
  const lagLimitMs = Math.max(SEND_LAG_FLOOR_MS, SEND_LAG_SLO_SHARE * (withinMs ?? 0))
  const figures: Report['fidelity'] = {
    send_lag_ms_p99: sendLagP99Ms(records, axis),
    not_sent: records.closing?.notSent ?? 0,
    engine_stall_ms_max: stallMsMax(records, axis, 'engine'),
    generator_stall_ms_max: stallMsMax(records, axis, 'generator'),
  }
  const reasons: string[] = []
  if (figures.send_lag_ms_p99 !== null && figures.send_lag_ms_p99 > lagLimitMs) {
    reasons.push(`Requests were sent late: send-lag p99 ${figures.send_lag_ms_p99.toFixed(1)} ms, limit ${lagLimitMs} ms.`)
  }
  if (figures.not_sent > 0) {
    reasons.push(`${figures.not_sent} ${figures.not_sent === 1 ? 'request was' : 'requests were'} never handed to the client.`)
  }
  for (const [name, stallMs] of [
    ['engine', figures.engine_stall_ms_max],
    ['load generator', figures.generator_stall_ms_max],
  ] as const) {
    if (stallMs > STALL_LIMIT_MS)
      reasons.push(`The ${name} stood still for ${Math.round(stallMs)} ms, limit ${STALL_LIMIT_MS} ms.`)
  }
  const instruments = records.events.filter((event) => event.kind === 'instrument').map((event) => event.what)
  return { figures, invalid: [...new Set([...reasons, ...instruments, ...(records.closing?.invalid ?? [])])] }
}

/** As the generator measured it, over the measured phases; from the operations themselves where no interval was kept. */
function sendLagP99Ms(records: RunRecords, axis: Axis): number | null {
  const measured = records.intervals.filter(
    ({ second }) => (second + 1) * 1_000 > axis.measured.fromMs && second * 1_000 < axis.measured.toMs,
  )
  const histogram = mergeHistograms(measured.map((interval) => interval.sendLagHistogram))
  const lagUs = histogram.quantile(0.99)
  if (lagUs !== null) return lagUs / 1e3
  const requests = requestsIn(records.operations, axis.measured)
  return quantile(ascending(requests.map((request) => (request.start_ns - request.intended_ns) / 1e6)), 0.99)
}

/** While load ran: what the engine does before it or after it disturbs no measurement. */
function stallMsMax(records: RunRecords, axis: Axis, process: string): number {
  let longest = 0
  for (const sample of records.labSamples) {
    const atMs = axis.toMs(sample.atNs)
    if (sample.process === process && axis.hasLoad && atMs >= 0 && atMs <= axis.horizonMs) {
      longest = Math.max(longest, sample.loopLagMsMax ?? 0)
    }
  }
  return longest
}
