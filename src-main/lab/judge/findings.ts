/** What the parts of the judge found out about a run, before anything is held against the plan's expectations. */
import type { Plan } from '@shared/plan/plan'
import type { OperationRecord } from '@shared/run/operation'
import type { RunEvent } from '@shared/run/event'
import type { Axis, Stretch } from './axis'
import type { FaultFinding } from './faults'
import type { LinearizabilityResult } from './linearizability/check'
import type { Good } from './requests'

export interface Findings {
  plan: Plan
  axis: Axis
  events: readonly RunEvent[]
  operations: readonly OperationRecord[]
  good: Good
  faults: FaultFinding[]
  /** effective leaderless stretches over the measured time */
  leaderless: Stretch[]
  lostWrites: readonly OperationRecord[]
  linearizable: LinearizabilityResult
}
