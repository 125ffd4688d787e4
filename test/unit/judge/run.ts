/**
 * A made-up run whose every number can be worked out by hand: 100 requests a second at constant distance, answered
 * after 2 ms, five nodes, n1 leads term 1 from the start. Times in ms since load start; load starts 1 s after the origin.
 */
import type { FaultStage, QuorumAck, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { Expectation, Plan, TimelineEntry } from '@shared/plan/plan'
import type { RunClosing, RunRecords } from '../../../src-main/lab/store/records'

export const LOAD_START_MS = 1_000
/** 5 s warm-up, 10 s baseline, 20 s faults, 15 s recovery */
export const TOTAL_MS = 50_000
export const RATE_PER_S = 100

/** since load start → ns since the origin */
export const atNs = (ms: number): number => (ms + LOAD_START_MS) * 1e6

export function crash(id: string, atMs: number, forMs: number | null = 5_000): TimelineEntry {
  return { id, entry: id, when: null, repeat: null, phase: 'faults', atMs, forMs, target: { text: 'leader', kind: 'leader' }, fault: 'crash', values: {} }
}

export function expectation(
  metric: Expectation['metric'],
  is: string,
  value: number | string,
  more: Partial<Expectation> = {},
): Expectation {
  const comparison = is.split(' ')[0] as Expectation['comparison']
  return { metric, fault: null, phase: null, op: null, is, comparison, value, ...more }
}

export function plan(more: Partial<Plan> = {}): Plan {
  return {
    faultline: 1,
    title: 'Made up',
    hypothesis: null,
    seed: 1,
    cluster: {
      nodes: ['n1', 'n2', 'n3', 'n4', 'n5'].map((id) => ({ id, priority: 100, learner: false, zone: null, spare: false })),
      raft: {
        heartbeatMs: 50,
        electionTimeoutMs: [150, 300],
        preVote: true,
        checkQuorum: true,
        reads: 'linearizable',
        requestTimeoutMs: 2_000,
        timers: { kind: 'fixed' },
        snapshot: { entries: 10_000, ageMs: null, keptEntries: 5_000, chainMax: 8 },
      },
      network: { latencyMs: 0, jitterMs: 0 },
    },
    zones: [],
    blastRadius: { nodes: 2, allowQuorumLoss: false },
    loads: [{
      name: 'client',
      ratePerS: RATE_PER_S,
      arrivals: 'constant',
      mix: { put: 100, get: 0, delete: 0, cas: 0, append: 0 },
      keys: 10,
      valueSizeBytes: 16,
      client: { connectTimeoutMs: 1_000, readTimeoutMs: 3_000, pool: null },
      keyPrefix: '',
    }],
    phases: { warmupMs: 5_000, baselineMs: 10_000, faultsMs: 20_000, recoveryMs: 15_000 },
    timeline: [],
    monkey: null,
    slos: [],
    expect: [],
    guards: [],
    ...more,
  }
}

/** One put every 10 ms, in the order of a log: index, prior, value fit each other. `change` makes it misbehave. */
export function load(
  change: (operation: OperationRecord, ms: number) => Partial<OperationRecord> | null = () => ({}),
  untilMs = TOTAL_MS,
): OperationRecord[] {
  const last = new Map<string, string>()
  const operations: OperationRecord[] = []
  for (let i = 0; i * 10 < untilMs; i++) {
    const [intended, key, value] = [i * 10 * 1e6, `k${i % 10}`, `v${i}`]
    const operation: OperationRecord = {
      client: `c${i % 4}`,
      key,
      op: 'put',
      value,
      outcome: 'ok',
      index: i + 2,
      prior: last.get(key) ?? null,
      intended_ns: intended,
      start_ns: intended,
      end_ns: intended + 2e6,
      settled_ns: intended + 2e6,
      censored: false,
      checked: true,
      node: 'n1',
      attempts: 1,
    }
    const changed = change(operation, i * 10)
    if (changed === null) continue
    operations.push({ ...operation, ...changed })
    if ((changed.outcome ?? 'ok') === 'ok') last.set(key, value)
  }
  return operations
}

/** Refused at once: no effect, nothing learnt. */
export const REFUSED: Partial<OperationRecord> = { outcome: 'fail', index: undefined, prior: undefined, error: '503' }

/** Nobody answered: settled at the deadline, 4 s after the start. */
export const timedOut = (ms: number): Partial<OperationRecord> => ({
  outcome: 'unknown',
  index: undefined,
  prior: undefined,
  end_ns: null,
  settled_ns: (ms + 4_000) * 1e6,
  censored: true,
})

export function fault(
  id: string,
  stages: Partial<Record<FaultStage, number>>,
  targets = ['n1'],
  kind: TimelineEntry['fault'] = 'crash',
): RunEvent[] {
  return Object.entries(stages).map(([stage, ms]) => ({
    kind: 'fault',
    atNs: atNs(ms),
    id,
    fault: kind,
    stage: stage as FaultStage,
    targets,
  }))
}

export function role(
  ms: number,
  node: string,
  as: 'leader' | 'follower' | 'candidate',
  term: number,
  leader: string | null = null,
): RunEvent {
  return { kind: 'role', atNs: atNs(ms), node, role: as, term, leader }
}

/** A leader's heartbeats, every 50 ms from one moment to another, both included. */
export function acks(node: string, term: number, fromMs: number, toMs: number): QuorumAck[] {
  return Array.from({ length: Math.floor((toMs - fromMs) / 50) + 1 }, (_, i) => ({
    node,
    term,
    sentNs: atNs(fromMs + i * 50 - 1),
    atNs: atNs(fromMs + i * 50),
  }))
}

export const STARTED: RunEvent[] = ['n1', 'n2', 'n3', 'n4', 'n5'].map((node, i) => ({
  kind: 'node-started',
  atNs: 1e6,
  node,
  pid: 100 + i,
}))

export function records(
  parts: { events?: RunEvent[]; closing?: Partial<RunClosing> | null } & Partial<Omit<RunRecords, 'events' | 'closing'>> = {},
): RunRecords {
  const { events = [role(-500, 'n1', 'leader', 1, 'n1')], closing = {}, ...rest } = parts
  return {
    header: {
      run: 'r1',
      title: 'Made up',
      planText: 'faultline: 1',
      planSha256: 'ab',
      seed: 1,
      startedWallMs: 0,
      host: { os: 'x', cpu: 'x', cores: 2, node: '24', toxiproxy: '2.12.0', raft: '1' },
      version: '0',
      lab: '/lab',
    },
    closing:
      closing === null
        ? null
        : {
            end: 'COMPLETED',
            stoppedBy: null,
            invalid: [],
            notSent: 0,
            loadStartNs: atNs(0),
            endedNs: atNs(TOTAL_MS + 1_000),
            ...closing,
          },
    events: [...STARTED, ...events].sort((a, b) => a.atNs - b.atNs),
    acks: acks('n1', 1, 0, TOTAL_MS),
    nodeSamples: [],
    labSamples: [],
    intervals: [],
    operations: load(),
    ...rest,
  }
}
