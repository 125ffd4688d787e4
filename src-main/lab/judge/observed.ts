/** One metric, one value: what an expectation is held against. */
import type { Expectation, Metric } from '@shared/plan/plan'
import type { OperationRecord } from '@shared/run/operation'
import { type Stretch, lengthMs } from './axis'
import { requestAvailability } from './availability'
import type { FaultFinding } from './faults'
import type { Findings } from './findings'
import { type LatencyMs, latency } from './latency'
import { countElections } from './leadership/elections'
import { clip, totalAndLongest } from './leadership/leaderless'
import { requestsIn } from './requests'
import { longestGapMs } from './unavailability'

export interface Observation {
  /** null = no value */
  value: number | string | null
  /** without a value: the true one is not below this (a censored recovery) */
  atLeast: number | null
}

const NO_VALUE: Observation = { value: null, atLeast: null }

export function observe(expectation: Expectation, findings: Findings): Observation {
  const measure: Record<Metric, (scope: Scope) => Observation> = {
    availability: (scope) => exactly(requestAvailability(scope.requests, findings.good)),
    'latency.p50': latencyOf('p50'),
    'latency.p90': latencyOf('p90'),
    'latency.p99': latencyOf('p99'),
    'latency.max': latencyOf('max'),
    recovery: () => recoveryOf(expectation, findings, (fault) => fault.result.effective_ms),
    'recovery.from_heal': () => recoveryOf(expectation, findings, (fault) => fault.result.undone_ms),
    'unavailability.longest': ({ stretches, requests }) =>
      exactly(largest(stretches.map((stretch) => longestGapMs(requestsIn(requests, stretch), findings.good, stretch)))),
    'leaderless.longest': ({ stretches }) => exactly(totalAndLongest(stretches.flatMap((stretch) => clip(findings.leaderless, stretch))).longest),
    'leaderless.total': ({ stretches }) => exactly(totalAndLongest(stretches.flatMap((stretch) => clip(findings.leaderless, stretch))).total),
    elections: ({ stretches }) => exactly(sum(stretches.map((stretch) => countElections(findings.events, findings.axis, stretch)))),
    // of the whole history, warm-up included: an acknowledged write is a promise whenever it was made
    lost_writes: () => exactly(findings.operations.length === 0 ? null : findings.lostWrites.length),
    linearizable: () => exactly(findings.linearizable.verdict === 'unknown' ? null : findings.linearizable.verdict),
  }
  const needsNoScope = ['recovery', 'recovery.from_heal', 'lost_writes', 'linearizable'].includes(expectation.metric)
  const scope = scopeOf(expectation, findings)
  return scope === null && !needsNoScope
    ? NO_VALUE
    : measure[expectation.metric](scope ?? { stretches: [], requests: [] })
}

interface Scope {
  /** apart from each other, in order */
  stretches: Stretch[]
  requests: OperationRecord[]
}

/** The measured time, or one phase, or the windows of an entry's faults. @returns null when nothing was measured there */
function scopeOf({ phase, fault, op }: Expectation, findings: Findings): Scope | null {
  const whole = phase === null ? findings.axis.measured : findings.axis.phases[phase]
  const stretches = (fault === null ? [whole] : windowsOf(fault, findings)).filter((stretch) => lengthMs(stretch) > 0)
  if (stretches.length === 0) return null
  return { stretches, requests: stretches.flatMap((stretch) => requestsIn(findings.operations, stretch, op)) }
}

/** Faults that came so close together that they share a window have it once. */
function windowsOf(fault: string, findings: Findings): Stretch[] {
  const windows = findingsOf(fault, findings).flatMap(({ window }) => window ?? [])
  const apart: Stretch[] = []
  for (const window of windows.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = apart.at(-1)
    if (last && window.fromMs < last.toMs) last.toMs = Math.max(last.toMs, window.toMs)
    else apart.push({ ...window })
  }
  return apart
}

function latencyOf(quantile: keyof LatencyMs): (scope: Scope) => Observation {
  return (scope) => exactly(latency(scope.requests)[quantile])
}

/** The worst of all faults, or of one entry's; unknown as soon as one is unknown. */
function recoveryOf({ fault }: Expectation, findings: Findings, since: (fault: FaultFinding) => number | null): Observation {
  const concerned = fault === null ? findings.faults : findingsOf(fault, findings)
  const each = concerned.map((finding) => recoveryOfOne(finding, since(finding)))
  if (each.length === 0) return NO_VALUE
  const values = each.map(({ value }) => value).filter((value) => typeof value === 'number')
  const bounds = [...values, ...each.map(({ atLeast }) => atLeast).filter((bound) => bound !== null)]
  if (values.length === each.length) return exactly(Math.max(...values))
  return { value: null, atLeast: bounds.length === 0 ? null : Math.max(...bounds) }
}

function recoveryOfOne({ result, evaluated, restoredNotBeforeMs }: FaultFinding, sinceMs: number | null): Observation {
  if (!evaluated || result.effective_ms === null) return NO_VALUE
  if (result.onset_ms === null) return exactly(0)
  if (sinceMs === null) return NO_VALUE
  // Negative from the heal when service was back before it: the cluster did not need the heal.
  const lasted = (untilMs: number): number => Math.round((untilMs - sinceMs) * 1e3) / 1e3
  if (result.restored_ms !== null) return exactly(lasted(result.restored_ms))
  return { value: null, atLeast: restoredNotBeforeMs === null ? null : lasted(restoredNotBeforeMs) }
}

function findingsOf(entry: string, findings: Findings): FaultFinding[] {
  return findings.faults.filter((finding) => finding.entry === entry)
}

/** @returns null where none has a value */
function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

function exactly(value: number | string | null): Observation {
  return { value, atLeast: null }
}
