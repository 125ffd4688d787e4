/** Anatomy of every planned fault: requested → effective → detected → elected → onset → restored → recovered → undone. */
import { totalRatePerS } from '@shared/plan/loads'
import type { FaultSpec, Plan } from '@shared/plan/plan'
import type { FaultSize, FaultStage, RunEvent } from '@shared/run/event'
import { faultDurationMs, faultTimes } from '@shared/plan/phases'
import { unfold } from '@shared/plan/unfold'
import type { OperationRecord } from '@shared/run/operation'
import type { FaultResult } from '@shared/run/report'
import type { Axis, Stretch } from './axis'
import { measureBaseline } from './baseline'
import { binService, recoveryBinMs } from './bins'
import { whyNotShown } from './not-shown'
import type { Good } from './requests'
import { findRecovery, recoverySettings, slidingP99 } from './recovery'

export interface FaultFinding {
  /** id in the plan: several faults of an entry that repeats have the same */
  entry: string
  result: FaultResult
  /** null: what it waits for did not come true */
  planned: Stretch | null
  /** the lab saw the effect with its own eyes; a fault without proof decides nothing */
  verified: boolean
  /** there was a baseline and an effect: so "no onset" means "no impact" and not "nobody knows" */
  evaluated: boolean
  /** from its effect to the next fault's, or to the end; null when it never took effect */
  window: Stretch | null
  /** see Recovery.restoredNotBeforeMs */
  restoredNotBeforeMs: number | null
}

type FaultEvent = RunEvent & { kind: 'fault' }

interface Moments {
  spec: FaultSpec
  targets: string[]
  planned: Stretch | null
  requestedMs: number | null
  effectiveMs: number | null
  undoneMs: number | null
  size: FaultSize | undefined
  notShown: string | null
}

export function analyseFaults(
  plan: Plan,
  seed: number,
  events: readonly RunEvent[],
  operations: readonly OperationRecord[],
  good: Good,
  axis: Axis,
): FaultFinding[] {
  const binMs = recoveryBinMs(totalRatePerS(plan))
  const bins = binService(operations, good, binMs, { fromMs: 0, toMs: axis.horizonMs })
  const baseline = measureBaseline(operations, good, axis.phases.baseline, binMs)
  const settings = recoverySettings(plan.cluster.raft, totalRatePerS(plan))
  const p99Of = slidingP99(operations)
  const all = unfold(plan, seed).map((spec) => momentsOf(spec, plan, events, axis))

  return all.map((moments) => {
    const { spec } = moments
    const window = windowOf(moments, all, binMs, axis.horizonMs)
    const recovery = window === null || baseline === null ? null : findRecovery(bins, baseline, window, settings, p99Of)
    const round = (ms: number | null | undefined): number | null =>
      ms === null || ms === undefined ? null : Math.round(ms * 1e3) / 1e3
    return {
      entry: spec.entry,
      planned: moments.planned,
      result: {
        id: spec.id,
        fault: spec.fault,
        targets: moments.targets,
        planned_ms: round(moments.planned?.fromMs),
        requested_ms: round(moments.requestedMs),
        effective_ms: round(moments.effectiveMs),
        undone_ms: round(moments.undoneMs),
        onset_ms: round(recovery?.onsetMs),
        detected_ms: round(firstIn(events, window, axis, (event) => event.kind === 'campaign')),
        elected_ms: round(firstIn(events, window, axis, (event) => event.kind === 'role' && event.role === 'leader')),
        restored_ms: round(recovery?.restoredMs),
        recovered_ms: round(recovery?.recoveredMs),
        censored_at_ms: round(recovery?.censoredAtMs),
        ...(moments.size && { size: moments.size }),
        ...(moments.notShown !== null && { not_shown: moments.notShown }),
      },
      verified: moments.effectiveMs !== null,
      evaluated: recovery !== null,
      window,
      restoredNotBeforeMs: recovery?.restoredNotBeforeMs ?? null,
    }
  })
}

/** Where the fault was in force, from effect to undo; null when it never was. */
export function inForce(result: FaultResult, endMs: number): Stretch | null {
  if (result.effective_ms === null) return null
  return { fromMs: result.effective_ms, toMs: Math.max(result.effective_ms, result.undone_ms ?? endMs) }
}

/**
 * Requested ≠ effective. A fault is in force from the moment Toxiproxy or the kernel acknowledged it, provided its
 * effect was observed afterwards: the observation is the proof but may come some samples later, after the cluster
 * has reacted. Never observed = never effective.
 */
function momentsOf(spec: FaultSpec, plan: Plan, events: readonly RunEvent[], axis: Axis): Moments {
  const own = events.filter((event): event is FaultEvent => event.kind === 'fault' && event.id === spec.id)
  const at = (stage: FaultStage): number | null => {
    const event = own.find((candidate) => candidate.stage === stage)
    return event === undefined ? null : axis.toMs(event.atNs)
  }
  const observedMs = at('observed')
  const drawn = own.findLast((event) => event.targets.length > 0)
  return {
    spec,
    targets: drawn?.targets ?? [spec.target.text],
    planned: plannedFor(spec, plan, at('planned')),
    requestedMs: at('requested'),
    effectiveMs: observedMs === null ? null : (at('acknowledged') ?? observedMs),
    undoneMs: at('undone') ?? at('observed-gone'),
    size: own.findLast((event) => event.size !== undefined)?.size,
    notShown: whyNotShown(own),
  }
}

/** Of one that waits for a condition: from the moment that came true. */
function plannedFor(spec: FaultSpec, plan: Plan, cameTrueMs: number | null): Stretch | null {
  const { atMs, untilMs } = faultTimes(spec, plan)
  if (spec.when === null) return { fromMs: atMs, toMs: untilMs }
  return cameTrueMs === null ? null : { fromMs: cameTrueMs, toMs: Math.min(untilMs, cameTrueMs + faultDurationMs(spec, plan)) }
}

/**
 * What happens after a fault is its doing until the next fault takes effect, even while it is still in force: who
 * comes last is asked first. Faults less than two bins apart can't be told from one another and share a window.
 */
function windowOf(moments: Moments, all: readonly Moments[], binMs: number, horizonMs: number): Stretch | null {
  const fromMs = moments.effectiveMs
  if (fromMs === null) return null
  const later = all.map((other) => other.effectiveMs).filter((ms): ms is number => ms !== null && ms >= fromMs + 2 * binMs)
  return { fromMs, toMs: Math.max(fromMs, Math.min(horizonMs, ...later)) }
}

function firstIn(
  events: readonly RunEvent[],
  window: Stretch | null,
  axis: Axis,
  matches: (event: RunEvent) => boolean,
): number | null {
  if (window === null) return null
  const found = events.find((event) => {
    const atMs = axis.toMs(event.atNs)
    return atMs >= window.fromMs && atMs < window.toMs && matches(event)
  })
  return found === undefined ? null : axis.toMs(found.atNs)
}
