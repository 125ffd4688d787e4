/** Which operations a figure is about, and when one of them is good. */
import type { Plan, Slo } from '@shared/plan/plan'
import type { OperationRecord } from '@shared/run/operation'
import type { Stretch } from './axis'

export type Good = (operation: OperationRecord) => boolean

/** From the intended start: what a user waiting since then felt. For a timed-out operation up to its deadline. */
export function responseMs(operation: OperationRecord): number {
  return (operation.settled_ns - operation.intended_ns) / 1e6
}

/** `good` without a name is the first SLO's; without SLOs an operation is good when it is ok. */
export function goodOf(plan: Plan): Good {
  return plan.slos[0] === undefined ? (operation) => operation.outcome === 'ok' : goodBySlo(plan.slos[0])
}

function goodBySlo({ good }: Slo): Good {
  return (operation) =>
    operation.outcome === 'ok' &&
    (good.withinMs === null || responseMs(operation) <= good.withinMs) &&
    (good.check === null || operation.checked)
}

/** Operations whose *intended* start lies in the stretch; `op` keeps only reads or only writes. */
export function requestsIn(
  operations: readonly OperationRecord[],
  stretch: Stretch,
  op: 'read' | 'write' | null = null,
): OperationRecord[] {
  return operations.filter(
    (operation) =>
      operation.intended_ns >= stretch.fromMs * 1e6 &&
      operation.intended_ns < stretch.toMs * 1e6 &&
      (op === null || (operation.op === 'get') === (op === 'read')),
  )
}
