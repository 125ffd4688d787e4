/**
 * Everything that happens in a run besides client operations. Nodes, engine and generator each report moments
 * on one monotonic clock; `atNs` counts from the run's origin (the engine's clock when the run was created).
 */

export type Role = 'leader' | 'follower' | 'candidate' | 'learner'
export type Phase = 'preflight' | 'warmup' | 'baseline' | 'faults' | 'recovery' | 'cleanup'

/** Stages of one fault, in order: requested ≠ effective. `measured` (its size, told when it ends) comes just before `undo-requested`. `failed` says the lab could not do what was asked. */
export type FaultStage =
  | 'planned'
  | 'requested'
  | 'acknowledged'
  | 'observed'
  | 'measured'
  | 'undo-requested'
  | 'undone'
  | 'observed-gone'
  | 'failed'

/** The size of an effect, asked and seen. */
export interface FaultSize {
  /** what was measured: `round trip`, `fsync`, `throughput` … */
  what: string
  asked: number
  /** mean, or median where `what` says so, over the time in force, over what was there without it where that is what was asked */
  seen: number
  /** half width of the 95 % confidence interval of `seen`; null with fewer than two readings */
  spread: number | null
  /** readings */
  n: number
  unit: string
}

export type RunEvent = { atNs: number } & (
  | { kind: 'phase'; phase: Phase }
  | { kind: 'load-start' }
  | { kind: 'load-end' }
  /** a node process: started (spawned), ready (log replayed, serving), exited */
  | { kind: 'node-started'; node: string; pid: number }
  | { kind: 'node-ready'; node: string; pid: number; boot: string }
  | { kind: 'node-exited'; node: string; pid: number; code: number | null; signal: string | null; expected: boolean }
  /** role or known leader of a node changed */
  | { kind: 'role'; node: string; role: Role; term: number; leader: string | null }
  /** a (pre-)vote round begins; `pre` = PreVote round, term is the one asked for */
  | { kind: 'campaign'; node: string; term: number; pre: boolean }
  /** a leader steps down because it heard from no quorum for an election timeout */
  | { kind: 'quorum-lost'; node: string; term: number }
  /** an uncommitted tail of this node's log was overwritten by a newer leader */
  | { kind: 'truncated'; node: string; fromIndex: number; toIndex: number; term: number }
  /** first look at a silent leader: an election timeout passed without a word of it */
  | { kind: 'suspected'; node: string; term: number; leader: string; silentMs: number }
  /** second look, a PreVote round: `isGone` = a majority does not hear it either */
  | { kind: 'checked'; node: string; term: number; leader: string; isGone: boolean; silentMs: number }
  /** the shortest election timeout of this node, as it was and as it is now */
  | { kind: 'timeout-changed'; node: string; fromMs: number; toMs: number; reason: string }
  /** this leader hands its office over */
  | { kind: 'transfer'; node: string; term: number; to: string; stage: 'begun' | 'done' | 'given-up' }
  /** a configuration took effect on this node (`forced`: by an operator's word, at the end of its log); `outgoing`: the voters before, while both sets decide together (`joint`) */
  | {
      kind: 'membership'
      node: string
      term: number
      index: number
      stage: 'learner' | 'joint' | 'final' | 'undone' | 'forced'
      voters: string[]
      outgoing: string[]
      learners: string[]
    }
  /** this node's disk did not finish a write for an election timeout */
  | { kind: 'disk-stalled'; node: string; term: number; silentMs: number; wasLeader: boolean }
  /** a snapshot up to `index` is durable: one made here, of everything or of what changed, or the leader's, installed */
  | { kind: 'snapshot'; node: string; index: number; what: 'full' | 'changes' | 'installed' }
  | {
      kind: 'fault'
      id: string
      fault: string
      stage: FaultStage
      targets: string[]
      /** symbolic name in the schedule (`leader`, `follower#2`) → node, as drawn at the moment of injection */
      roles?: Record<string, string>
      detail?: string
      /** stage `measured`: what was asked beside what was seen while it was in force */
      size?: FaultSize
    }
  /** without a unit: a ratio */
  | { kind: 'guard'; when: string; observed: number; unit?: 'ratio' | 'duration' | 'count' | 'rate' }
  /** the lab itself failed: generator late, Toxiproxy hung, host suspended. Makes the run invalid */
  | { kind: 'instrument'; what: string }
  | { kind: 'cleanup'; what: string; ok: boolean; detail?: string }
  | { kind: 'note'; level: 'info' | 'warning' | 'error'; text: string }
)

export type RunEventKind = RunEvent['kind']

/** A leader's round of heartbeats was acknowledged by a quorum; `sentNs` is when that round was sent. */
export interface QuorumAck {
  node: string
  term: number
  sentNs: number
  atNs: number
}

/** What one node says about itself, about five times a second. Cumulative counters since its start. */
export interface NodeSample {
  atNs: number
  node: string
  boot: string
  role: Role
  term: number
  leader: string | null
  commit: number
  applied: number
  last: number
  durable: number
  cpuMs: number
  rssBytes: number
  /** longest delay of the event loop since the last sample */
  loopLagMsMax: number
  fsyncs: number
  /** longest since the last sample */
  fsyncMsMax: number
  /** of all of them, write included */
  fsyncMsSum: number
  /** the write and fsync that are not back yet: for how long; 0 = none */
  fsyncPendingMs: number
  /** what the node believes: its wall clock (ms since 1970), its monotonic clock and its timers' (ns since the origin), all at `atNs` */
  wallMs: number
  monotonicNs: number
  timersNs: number
  /** requests waiting for their entry to commit */
  pending: number
  /** this node's own directed links to each peer (`rttMs` null while unknown) and what it last heard from them */
  links: LinkSample[]
}

/** Counters are cumulative since the start of the process. */
export interface LinkSample {
  peer: string
  connected: boolean
  /** smoothed */
  rttMs: number | null
  /** round trips since the last sample as they were read; null = none */
  readings: { n: number; medianMs: number; minMs: number; maxMs: number } | null
  sent: number
  received: number
  lastReceivedNs: number | null
  /** of the peer's frames: never came, came again, came after a later one */
  gaps: number
  duplicates: number
  overtaken: number
}

/** The lab's own processes, once a second: CPU and loop stalls count in the fidelity gate. */
export interface LabSample {
  atNs: number
  /** engine, generator, toxiproxy, janitor */
  process: string
  cpuMs: number
  rssBytes: number
  loopLagMsMax: number | null
}

/** One second of load as the generator saw it, by intended start. Histograms merge; percentiles are never averaged. */
export interface LoadInterval {
  /** seconds since load start */
  second: number
  intended: number
  ok: number
  fail: number
  unknown: number
  /** HdrHistogram V2, compressed, base64: response time of ok operations and censored ones, µs */
  responseHistogram: string
  /** HdrHistogram of (start − intended) of what was sent, µs */
  sendLagHistogram: string
}
