/** A plan after parsing: every default filled in, every number in the unit its name carries. */
import type { RaftSettings } from '../raft'

export type PlanPhase = 'warmup' | 'baseline' | 'faults' | 'recovery'

/** A parsed target string; `text` is what the plan says. */
export type Target = { text: string } & (
  | { kind: 'leader' | 'follower' | 'any' | 'all' | 'minority' | 'majority' }
  | { kind: 'node'; node: string }
  /** directed links: `from`/`to` a node id, 'leader' or '*' */
  | { kind: 'link'; from: string; to: string; both: boolean }
)

/** What every entry of the timeline has. */
export interface FaultBase {
  id: string
  phase: PlanPhase
  /** from the start of `phase` */
  atMs: number
  /** null = until the phase ends */
  forMs: number | null
  target: Target
}

export interface FaultSpec extends FaultBase {
  /** a `kind` of the list of faults (`faults/index.ts`) */
  fault: string
  /** its parameters by name, each in the unit of its field (ms, bytes, per second, ratio); only the fault itself reads them */
  values: FaultValues
}

export type FaultValues = Readonly<Record<string, unknown>>

export interface PlanNode {
  id: string
  /** 0…100: the lower, the later it campaigns, and it yields to higher ones */
  priority: number
  /** gets the log and has no vote */
  learner: boolean
}

export interface Slo {
  name: string
  /** 0…1 */
  objective: number
  good: { outcome: 'ok'; withinMs: number | null; check: 'value' | null }
}

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!='

export type Metric =
  | 'availability'
  | 'latency.p50'
  | 'latency.p90'
  | 'latency.p99'
  | 'latency.max'
  | 'recovery'
  | 'recovery.from_heal'
  | 'unavailability.longest'
  | 'leaderless.longest'
  | 'leaderless.total'
  | 'elections'
  | 'lost_writes'
  | 'linearizable'

export interface Expectation {
  metric: Metric
  fault: string | null
  phase: PlanPhase | null
  op: 'read' | 'write' | null
  /** as written */
  is: string
  comparison: Comparison
  /** ms, ratio, count, or a word (linearizable) */
  value: number | string
}

export interface Guard {
  /** as written */
  when: string
  metric: 'availability'
  comparison: Comparison
  value: number
  /** how long it has to hold before it acts; 0 = at once */
  forMs: number
  then: 'stop'
}

export interface LoadSettings {
  /** name of the client group; also names its proxies: `client-n1` */
  name: string
  ratePerS: number
  arrivals: 'poisson' | 'constant'
  /** weights, not necessarily summing to 100 */
  mix: { put: number; get: number; delete: number; cas: number; append: number }
  keys: number
  valueSizeBytes: number
  client: { connectTimeoutMs: number; readTimeoutMs: number }
}

export interface Plan {
  faultline: 1
  title: string
  hypothesis: string | null
  seed: number
  cluster: {
    nodes: PlanNode[]
    raft: RaftSettings
    network: { latencyMs: number; jitterMs: number }
  }
  blastRadius: { nodes: number; allowQuorumLoss: boolean }
  load: LoadSettings
  phases: { warmupMs: number; baselineMs: number; faultsMs: number; recoveryMs: number }
  timeline: FaultSpec[]
  slos: Slo[]
  expect: Expectation[]
  guards: Guard[]
}

/** A finding of `plan check`. Lines and columns count from 1. A warning leaves the plan usable. */
export interface Problem {
  severity: 'error' | 'warning'
  line: number
  column: number
  /** where in the document, e.g. `timeline[0].fault` */
  path: string
  message: string
  /** nearest right word or what to write instead */
  suggestion: string | null
}
