/**
 * Onset and recovery of one fault, computed the same way every time.
 *
 *   onset      start of the first of two consecutive failing bins (not before the fault took effect)
 *   restored   start of the first succeeding bin after the onset from which no bin fails for
 *              hold = max(5 s, 3 × maximum election timeout)
 *   recovered  first such bin from which, besides, P99 over every sliding window of max(1 s, 300/λ) inside
 *              max(hold, window) is at most max(1.5·P99₀, P99₀ + 5 ms)
 *
 * Empty bins neither count nor break. A hold that the end of the records, or the next fault, cuts short proves
 * nothing: the observation is censored there, and kept.
 */
import { longestElectionTimeoutMs, recoveryHoldMs } from '@shared/plan/phases'
import type { RaftSettings } from '@shared/raft'
import type { OperationRecord } from '@shared/run/operation'
import { ascending, quantile } from '@shared/stats/quantiles'
import type { Stretch } from './axis'
import type { Baseline } from './baseline'
import { type ServiceBins, goodRatio } from './bins'
import { hasLatency } from './latency'
import { responseMs } from './requests'

/** All times in ms since load start. */
export interface Recovery {
  /** null = no impact */
  onsetMs: number | null
  restoredMs: number | null
  recoveredMs: number | null
  /** set when there was an onset and no proof of restoration up to here */
  censoredAtMs: number | null
  /** only when censored: restoration can't have been earlier than this, however the run had gone on */
  restoredNotBeforeMs: number | null
}

export interface RecoverySettings {
  holdMs: number
  p99WindowMs: number
}

export function recoverySettings(raft: RaftSettings, ratePerS: number): RecoverySettings {
  return {
    holdMs: recoveryHoldMs(longestElectionTimeoutMs(raft)),
    p99WindowMs: Math.max(1_000, 300_000 / ratePerS),
  }
}

/** @param window from the moment the fault took effect until its records end (the next fault, or the horizon) */
export function findRecovery(
  bins: ServiceBins,
  baseline: Baseline,
  window: Stretch,
  settings: RecoverySettings,
  p99Of: (fromMs: number, toMs: number) => number | null,
): Recovery {
  const onset = findOnset(bins, baseline, window)
  if (onset === null) {
    return { onsetMs: null, restoredMs: null, recoveredMs: null, censoredAtMs: null, restoredNotBeforeMs: null }
  }
  const onsetMs = Math.max(onset * bins.widthMs, window.fromMs)
  const found = findHold(bins, baseline, onset + 1, window.toMs, settings.holdMs)
  if (found.heldFrom === null) {
    const notBefore = found.streakFrom === null ? window.toMs : found.streakFrom * bins.widthMs
    return { onsetMs, restoredMs: null, recoveredMs: null, censoredAtMs: window.toMs, restoredNotBeforeMs: notBefore }
  }
  return {
    onsetMs,
    restoredMs: found.heldFrom * bins.widthMs,
    recoveredMs: findCalm(bins, baseline, found.heldFrom, window.toMs, settings, p99Of),
    censoredAtMs: null,
    restoredNotBeforeMs: null,
  }
}

/** Latency by intended time: P99 of those operations with a latency that should have started in [fromMs, toMs). */
export function slidingP99(operations: readonly OperationRecord[]): (fromMs: number, toMs: number) => number | null {
  const timed = operations.filter(hasLatency).sort((a, b) => a.intended_ns - b.intended_ns)
  const firstFrom = (atMs: number): number => {
    let [low, high] = [0, timed.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (timed[middle]!.intended_ns < atMs * 1e6) low = middle + 1
      else high = middle
    }
    return low
  }
  return (fromMs, toMs) => quantile(ascending(timed.slice(firstFrom(fromMs), firstFrom(toMs)).map(responseMs)), 0.99)
}

function findOnset(bins: ServiceBins, baseline: Baseline, window: Stretch): number | null {
  let failing: number | null = null
  for (let bin = Math.floor(window.fromMs / bins.widthMs); bin * bins.widthMs < window.toMs; bin++) {
    const ratio = goodRatio(bins, bin)
    if (ratio === null) continue
    if (ratio >= baseline.succeedsFrom) failing = null
    else if (failing === null) failing = bin
    else return failing
  }
  return null
}

/** First bin ≥ `from` from which success holds; else the bin since which it has held so far, if it does at the end. */
function findHold(
  bins: ServiceBins,
  baseline: Baseline,
  from: number,
  endMs: number,
  holdMs: number,
): { heldFrom: number | null; streakFrom: number | null } {
  let streakFrom: number | null = null
  for (let bin = from; bin * bins.widthMs < endMs; bin++) {
    const ratio = goodRatio(bins, bin)
    if (ratio !== null && ratio < baseline.succeedsFrom) streakFrom = null
    else if (ratio !== null && streakFrom === null) streakFrom = bin
    if (streakFrom === null) continue
    const heldUntilMs = streakFrom * bins.widthMs + holdMs
    if (heldUntilMs <= Math.min((bin + 1) * bins.widthMs, endMs)) return { heldFrom: streakFrom, streakFrom }
  }
  return { heldFrom: null, streakFrom }
}

/** First bin ≥ `from` from which both success and a normal P99 hold. */
function findCalm(
  bins: ServiceBins,
  baseline: Baseline,
  from: number,
  endMs: number,
  settings: RecoverySettings,
  p99Of: (fromMs: number, toMs: number) => number | null,
): number | null {
  const { widthMs } = bins
  const { p99LimitMs } = baseline
  if (p99LimitMs === null) return null
  const neededMs = Math.max(settings.holdMs, settings.p99WindowMs)
  for (let start = from; start * widthMs + neededMs <= endMs;) {
    const untilMs = start * widthMs + neededMs
    let broken: number | null = goodRatio(bins, start) === null ? start : null
    for (let bin = start; broken === null && bin * widthMs < untilMs; bin++) {
      const windowEndMs = bin * widthMs + settings.p99WindowMs
      const p99Ms = windowEndMs <= untilMs ? p99Of(bin * widthMs, windowEndMs) : null
      const isSlow = p99Ms !== null && p99Ms > p99LimitMs
      if (isSlow || (goodRatio(bins, bin) ?? Infinity) < baseline.succeedsFrom) broken = bin
    }
    if (broken === null) return start * widthMs
    start = broken + 1
  }
  return null
}
