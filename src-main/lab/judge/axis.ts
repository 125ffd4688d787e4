/**
 * The run's one time axis: milliseconds since load start. Events are recorded since the run's origin, operations
 * since load start; everything the judge compares goes through here first.
 */
import type { Plan, PlanPhase } from '@shared/plan/plan'
import type { RunRecords } from '../store/records'

/** A stretch of time, [fromMs, toMs). */
export interface Stretch {
  fromMs: number
  toMs: number
}

export interface Axis {
  /** false: load never began. Then 0 is the run's origin and nothing was measured */
  hasLoad: boolean
  /** event time (ns since the origin) → ms since load start */
  toMs(atNs: number): number
  /**
   * As planned, cut where load really ended. The generator sends by the plan and an operation belongs to the phase of
   * its intended time, so planned boundaries are exact where the engine's phase events are some ms late
   */
  phases: Record<PlanPhase, Stretch>
  /** baseline + faults + recovery: what all figures of the report cover */
  measured: Stretch
  /** last moment the records can say anything about the service: a hold that goes beyond it is cut short */
  horizonMs: number
  /** when the run was over, clean-up included, or the last thing recorded of a run that was killed */
  endedMs: number
}

const NS_PER_MS = 1e6

export function phaseOffsets(phases: Plan['phases']): Record<PlanPhase, Stretch> {
  const baseline = phases.warmupMs
  const faults = baseline + phases.baselineMs
  const recovery = faults + phases.faultsMs
  return {
    warmup: { fromMs: 0, toMs: baseline },
    baseline: { fromMs: baseline, toMs: faults },
    faults: { fromMs: faults, toMs: recovery },
    recovery: { fromMs: recovery, toMs: recovery + phases.recoveryMs },
  }
}

/** @param slackMs how long the service may go unasked before the records count as ended: a bin of the recovery search */
export function createAxis(records: RunRecords, plan: Plan, slackMs: number): Axis {
  const { closing, events, operations } = records
  const loadStartNs = closing?.loadStartNs ?? events.find((event) => event.kind === 'load-start')?.atNs ?? null
  const toMs = (atNs: number): number => (atNs - (loadStartNs ?? 0)) / NS_PER_MS
  const planned = phaseOffsets(plan.phases)

  let lastIntendedNs = -Infinity
  let lastSettledNs = -Infinity
  for (const operation of operations) {
    lastIntendedNs = Math.max(lastIntendedNs, operation.intended_ns)
    lastSettledNs = Math.max(lastSettledNs, operation.settled_ns)
  }
  const lastRecordNs = Math.max(events.at(-1)?.atNs ?? 0, records.acks.at(-1)?.atNs ?? 0, records.nodeSamples.at(-1)?.atNs ?? 0)
  const endedMs = closing === null ? Math.max(toMs(lastRecordNs), lastSettledNs / NS_PER_MS, 0) : toMs(closing.endedNs)
  // A run that ended early says nothing about the time after its last request, even where the engine lived on.
  const horizonMs =
    loadStartNs === null || operations.length === 0
      ? 0
      : Math.min(planned.recovery.toMs, endedMs, lastIntendedNs / NS_PER_MS + slackMs)
  const cut = ({ fromMs, toMs: end }: Stretch): Stretch => ({
    fromMs: Math.min(fromMs, horizonMs),
    toMs: Math.min(end, horizonMs),
  })
  return {
    hasLoad: loadStartNs !== null,
    toMs,
    phases: {
      warmup: cut(planned.warmup),
      baseline: cut(planned.baseline),
      faults: cut(planned.faults),
      recovery: cut(planned.recovery),
    },
    measured: cut({ fromMs: planned.baseline.fromMs, toMs: planned.recovery.toMs }),
    horizonMs,
    endedMs,
  }
}

export function lengthMs(stretch: Stretch): number {
  return Math.max(0, stretch.toMs - stretch.fromMs)
}

/** What two stretches have in common; of length 0 when they don't meet. */
export function overlap(a: Stretch, b: Stretch): Stretch {
  const fromMs = Math.max(a.fromMs, b.fromMs)
  return { fromMs, toMs: Math.max(fromMs, Math.min(a.toMs, b.toMs)) }
}
