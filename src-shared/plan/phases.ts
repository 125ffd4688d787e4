/** When the phases of a run begin and end, and how long recovery must be watched. */
import type { RaftSettings } from '../raft'
import type { FaultSpec, Plan, PlanPhase } from './plan'

export const planPhases: readonly PlanPhase[] = ['warmup', 'baseline', 'faults', 'recovery']

export interface PhaseTimes {
  phase: PlanPhase
  /** since load start */
  fromMs: number
  toMs: number
}

/** The phases end to end; load starts with the first and ends with the last. */
export function phaseTimes(plan: Pick<Plan, 'phases'>): PhaseTimes[] {
  const { warmupMs, baselineMs, faultsMs, recoveryMs } = plan.phases
  let fromMs = 0
  return [warmupMs, baselineMs, faultsMs, recoveryMs].map((lengthMs, index) => {
    const times = { phase: planPhases[index]!, fromMs, toMs: fromMs + lengthMs }
    fromMs = times.toMs
    return times
  })
}

/** @returns how long load lasts, in ms */
export const planDurationMs = (plan: Pick<Plan, 'phases'>): number => phaseTimes(plan).at(-1)!.toMs

/** When a fault is planned to begin and to end, in ms since load start; with `when`, the time that it must fall into. */
export function faultTimes(spec: Pick<FaultSpec, 'phase' | 'atMs' | 'forMs' | 'when'>, plan: Pick<Plan, 'phases'>): { atMs: number; untilMs: number } {
  const phase = phaseTimes(plan).find((times) => times.phase === spec.phase)!
  const atMs = phase.fromMs + spec.atMs
  if (spec.forMs === 'good') return { atMs, untilMs: planDurationMs(plan) }
  return { atMs, untilMs: spec.forMs === null || spec.when !== null ? phase.toMs : atMs + spec.forMs }
}

/** How long it is planned to last. One that waits for a condition is cut short by the end of its phase. */
export function faultDurationMs(spec: FaultSpec, plan: Pick<Plan, 'phases'>): number {
  const { atMs, untilMs } = faultTimes(spec, plan)
  return typeof spec.forMs === 'number' ? spec.forMs : untilMs - atMs
}

/** No node waits longer than this for its leader; adaptive timers may go up to their ceiling. */
export function longestElectionTimeoutMs({ electionTimeoutMs, timers }: Pick<RaftSettings, 'electionTimeoutMs' | 'timers'>): number {
  return timers.kind === 'adaptive' ? Math.max(electionTimeoutMs[1], timers.ceilingMs) : electionTimeoutMs[1]
}

/** How long success has to last to count as recovered: three election timeouts, at least 5 s. */
export const recoveryHoldMs = (electionTimeoutMaxMs: number): number => Math.max(5000, 3 * electionTimeoutMaxMs)

/** Beside the hold, the recovery phase leaves this long for recovery itself. */
export const RECOVERY_MARGIN_MS = 2000
