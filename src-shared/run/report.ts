/** What a run amounts to: `report.json` (public shape) and the one model that screen, HTML and JSON are drawn from. */
import type { FaultFamily } from '../plan/faults/fault'
import type { FaultSize, FaultStage, Phase, RunEvent } from './event'
import type { Violation } from './violation'

export type RunEnd = 'COMPLETED' | 'CANCELED' | 'ERRORED'
export type VerdictWord = 'HELD' | 'NOT_HELD' | 'INCONCLUSIVE'
export type LinearizableWord = 'ok' | 'violated' | 'unknown'

export interface Host {
  os: string
  cpu: string
  cores: number
  node: string
  toxiproxy: string
  raft: string
}

export interface ExpectationResult {
  metric: string
  fault?: string
  phase?: string
  op?: string
  slo?: string
  /** as written in the plan, e.g. ">= 95%" */
  expected: string
  /** ms, ratio 0…1, count, or the word; null = no value */
  observed: number | string | null
  held: boolean | null
}

/** Moments of one fault in ms since load start; null = did not happen. */
export interface FaultResult {
  id: string
  fault: string
  targets: string[]
  planned_ms: number | null
  requested_ms: number | null
  effective_ms: number | null
  undone_ms: number | null
  onset_ms: number | null
  detected_ms: number | null
  elected_ms: number | null
  restored_ms: number | null
  recovered_ms: number | null
  censored_at_ms: number | null
  /** absent where nothing can be measured */
  size?: FaultSize
  /** why it decides nothing: refused, never started, or its effect never seen; absent when it was */
  not_shown?: string
}

/** Exactly what `report.json` holds and `run --json` prints. Ratios 0…1; `*_ms` of faults are moments since load start. */
export interface Report {
  faultline: 1
  run: string
  end: RunEnd
  verdict: VerdictWord
  valid: boolean
  invalid: string[]
  stopped_by: string | null
  plan: { title: string; sha256: string; seed: number }
  host: Host
  expectations: ExpectationResult[]
  requests: { total: number; ok: number; fail: number; unknown: number }
  availability: { requests: number | null; slices: number | null; uptime?: number | null }
  latency_ms: { p50: number | null; p90: number | null; p99: number | null; p999: number | null; max: number | null }
  faults: FaultResult[]
  leaderless_ms: { total: number; longest: number }
  leaderless_nominal_ms: { total: number; longest: number }
  elections: number
  lost_writes: number
  linearizable: { verdict: LinearizableWord; operations: number; keys?: number; keys_by_index?: number; seconds?: number; reason?: string }
  fidelity: { send_lag_ms_p99: number | null; not_sent: number; engine_stall_ms_max: number; generator_stall_ms_max: number }
  cpu: { process: string; cores_mean: number; rss_bytes_max: number }[]
  cleanup: { done: number; of: number }
}

/** A stretch of one state on a lane; ms since load start. */
export interface Span<S extends string = string> {
  fromMs: number
  toMs: number
  state: S
  label?: string
}

/** down: no process. paused: stopped by a signal. stale-leader: claims leadership in a term that is no longer the newest. */
export type NodeState = 'leader' | 'follower' | 'candidate' | 'learner' | 'paused' | 'down' | 'stale-leader'

/** Everything on one axis, ms since load start; the arrays of `bins` have one element a bin. */
export interface Timeline {
  fromMs: number
  toMs: number
  phases: { phase: Phase; fromMs: number; toMs: number }[]
  faults: {
    id: string
    fault: string
    family: FaultFamily
    targets: string[]
    /** outline: as planned; fill: as effective */
    planned: [number, number] | null
    effective: [number, number] | null
  }[]
  nodes: { id: string; spans: Span<NodeState>[] }[]
  /** who leads, as acknowledged by a quorum; state 'none' = leaderless */
  leadership: Span<'led' | 'none'>[]
  bins: {
    widthMs: number
    startMs: number[]
    ok: number[]
    fail: number[]
    unknown: number[]
    /** good ratio 0…1 over the sliding window stated in `availabilityWindowMs`; null = no request */
    availability: (number | null)[]
    p50: (number | null)[]
    p99: (number | null)[]
    max: (number | null)[]
  }
  availabilityWindowMs: number
  /** events worth reading, oldest first, at most 1,000 */
  log: { atMs: number; source: string; kind: RunEvent['kind']; text: string }[]
}

/** A stage of a fault, or a moment of its plan. */
export interface FaultMoment {
  name: Exclude<FaultStage, 'measured'> | 'planned-end'
  /** since load start */
  at_ms: number
  detail: string | null
}

/** Everything that is known of one fault, in the words of the plan and of the lab. */
export interface FaultRecord {
  id: string
  fault: string
  family: FaultFamily
  /** what it can't do, or is made with */
  caution: string | null
  /** target and condition as the plan says them */
  target: string
  when: string | null
  parameters: { name: string; value: string; help: string }[]
  /** who it was in the end, and whose place each had in the plan: `leader`, `follower#2` */
  targets: { name: string; role: string | null }[]
  /** in order of time */
  moments: FaultMoment[]
  size: FaultSize | null
  not_shown: string | null
  /** with the drawn nodes put in; empty where it was never requested */
  calls: string[]
  undo: string[]
}

export interface ReportModel {
  report: Report
  /** one of each fault, in the plan's order */
  faults: FaultRecord[]
  hypothesis: string | null
  planText: string
  startedAt: string
  timeline: Timeline
  /** why the history is not linearizable, if it is not */
  violation?: Violation
}

export interface RunSummary {
  run: string
  title: string
  /** ISO 8601 */
  started: string
  end: RunEnd | 'RUNNING'
  verdict: VerdictWord | null
  valid: boolean | null
  /** of the plan's text: runs of the same plan have the same */
  sha256: string
}
