/** A plan after parsing: every default filled in, every number in the unit its name carries. */
import type { RaftSettings } from '../raft'

export type PlanPhase = 'warmup' | 'baseline' | 'faults' | 'recovery'

/** A parsed target string; `text` is what the plan says. */
export type Target = { text: string } & (
  | { kind: 'leader' | 'follower' | 'any' | 'all' | 'minority' | 'majority' }
  | { kind: 'node'; node: string }
  /** directed links: `from`/`to` a node id, 'leader' or '*' */
  | { kind: 'link'; from: string; to: string; both: boolean }
  /** named links, as those between two zones */
  | { kind: 'links'; links: { from: string; to: string }[] }
  /** an expression; `isByRole`: who leads makes a difference to it */
  | { kind: 'set'; isByRole: boolean; parts: TargetPart[] }
  /** client groups, of a fault of the load */
  | { kind: 'groups'; groups: string[] }
  /** of a fault that is about the whole cluster */
  | { kind: 'none' }
)

/** Nodes of which no other part of the target names one. How many they are does not depend on who leads. */
export interface TargetPart {
  /** so many, drawn; null = all that match */
  take: number | null
  /** ids of the voters that match when they lead */
  leading: string[]
  /** ids of the nodes that match when they don't */
  others: string[]
}

/**
 * What a fault waits for instead of a moment. It begins once, at the first moment of its phase at which the condition
 * has held for `forMs`; a condition that does not come true in time is a fault that never started.
 */
export type StartCondition = {
  /** as written */
  text: string
  /** how long it has to hold; 0 = at once */
  forMs: number
  /** from the start of the phase; null = until the phase ends */
  withinMs: number | null
} & (
  | { kind: 'leader elected' | 'leader lost' }
  /** `value`: ms, ratio, count or per second, as the metric's unit */
  | { kind: 'metric'; metric: LiveMetric; comparison: Comparison; value: number }
)

/** What can be asked of a cluster while it runs; units and meanings: `live-condition.ts`. */
export type LiveMetric =
  | 'availability'
  | 'latency.p50'
  | 'latency.p99'
  | 'rate'
  | 'in_flight'
  | 'overdue'
  | 'queue'
  | 'commit_lag'
  | 'fsync'
  | 'loop_lag'
  | 'leaderless'
  | 'elections'
  | 'nodes_down'

/** What every fault of a run has. */
export interface FaultBase {
  id: string
  /** the id in the plan that it comes from: `crash-1` of `crash-1.2`, `monkey` of `monkey-3`; else equal to `id` */
  entry: string
  phase: PlanPhase
  /** from the start of `phase`; with `when` 0, the earliest moment */
  atMs: number
  /** null = until the phase ends, 'good' = until the run ends; a number with `when` */
  forMs: number | 'good' | null
  when: StartCondition | null
  target: Target
}

export interface FaultSpec extends FaultBase {
  /** a `kind` of the list of faults (`faults/index.ts`) */
  fault: string
  /** its parameters by name, each in the unit of its field (ms, bytes, per second, ratio); only the fault itself reads them */
  values: FaultValues
}

/** An entry as the plan says it: one fault, or several at a distance. `unfold` makes faults of it. */
export interface TimelineEntry extends FaultSpec {
  repeat: Repeat | null
}

/** The k-th begins at `atMs + k·everyMs`, and up to `spreadMs` later, drawn from the seed. */
export interface Repeat {
  count: number
  everyMs: number
  spreadMs: number
}

/** Faults drawn from the seed, one after the other, over a whole phase. */
export interface Monkey {
  phase: PlanPhase
  /** from the end of one fault (at first: from the start of the phase) to the begin of the next: fewest and most */
  gapMs: [number, number]
  faults: MonkeyFault[]
}

export interface MonkeyFault {
  /** drawn as often as its weight says among all weights */
  weight: number
  /** how long it lasts: fewest and most */
  forMs: [number, number]
  fault: string
  values: FaultValues
  target: Target
}

export type FaultValues = Readonly<Record<string, unknown>>

export interface PlanNode {
  id: string
  /** 0…100: the lower, the later it campaigns, and it yields to higher ones */
  priority: number
  /** gets the log and has no vote */
  learner: boolean
  /** null = in none */
  zone: string | null
  /** has its place, ports and links from the start; its process starts when an operator adds it */
  spare: boolean
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
  metric: LiveMetric
  comparison: Comparison
  /** ms, ratio, count or per second, as the metric's unit */
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
  /** `pool`: connections to each node at most; null = as many as are needed */
  client: { connectTimeoutMs: number; readTimeoutMs: number; pool: number | null }
  /** put before each key: groups without one share the keys */
  keyPrefix: string
}

/** What every link from a node of one zone to a node of the other has, beside the whole mesh's delay; `from` may be `to`. */
export interface ZoneLink {
  from: string
  to: string
  latencyMs: number
  jitterMs: number
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
  /** delays between zones, one way; pairs that are absent have none */
  zones: ZoneLink[]
  blastRadius: { nodes: number; allowQuorumLoss: boolean }
  /** client groups, at least one */
  loads: LoadSettings[]
  phases: { warmupMs: number; baselineMs: number; faultsMs: number; recoveryMs: number }
  timeline: TimelineEntry[]
  monkey: Monkey | null
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
