/** A seed's world, drawn before anything runs: nodes, clocks, network, disks, clients, and a timeline. */
import { drawIndex, seededRandom } from '@shared/stats/random'
import type { Weather } from './network'
import { FAULTS_UNTIL_MS, type Happening, timelineOf } from './timeline'

export interface ClientPlan {
  keys: number
  sessions: boolean
  /** reads by lease, where the leader has one */
  leases: boolean
  thinkMs: number
  /** share of operations that follow each other at once */
  burst: number
  /** one attempt */
  timeoutMs: number
  /** all attempts */
  deadlineMs: number
  backoffMs: number
  delayMs: number
  /** 0…1 */
  lostReplies: number
}

export interface WorldPlan {
  seed: number
  /** voters at the start */
  voters: number
  /** voters, and nodes that may be added */
  nodes: number
  heartbeatMs: number
  electionTimeoutMs: readonly [number, number]
  preVote: boolean
  checkQuorum: boolean
  maxEntriesPerMessage: number
  maxInflight: number
  timers: 'fixed' | 'backoff' | 'adaptive'
  lease: boolean
  /** one a node, 1 = right */
  clockRates: readonly number[]
  weather: Weather
  syncMs: readonly [number, number]
  /** entries since the last snapshot, 0 = only on request */
  snapshotEvery: number
  /** entries kept behind a snapshot for stragglers */
  keepEntries: number
  /** a step of a change of members that takes longer is undone */
  changeLimitMs: number
  clients: readonly ClientPlan[]
  operations: number
  faultsUntilMs: number
  timeline: readonly Happening[]
}

export interface PlanOptions {
  faults: 'all' | 'none'
  /** voters, whatever the seed says */
  nodes: number | null
}

/** All of a node's clock error, one way; a lease has to be told the same bound. */
export const DRIFT_PPM_MAX = 20_000
export const OPERATIONS_MIN = 200
export const VIRTUAL_MS_MIN = 60_000
const SPARES_MAX = 2

export function planOf(seed: number, { faults, nodes }: PlanOptions): WorldPlan {
  const random = seededRandom(seed, 'plan')
  const between = (min: number, max: number): number => min + random() * (max - min)
  const chance = (share: number): boolean => random() < share
  const isHarsh = faults === 'all'
  const voters = nodes ?? 3 + drawIndex(random, 5)
  const all = voters + (isHarsh ? Math.min(SPARES_MAX, Math.max(0, 7 - voters)) : 0)
  const heartbeatMs = Math.round(between(60, 300))
  const electionMinMs = Math.round(heartbeatMs * between(3, 6))
  const delayMs = between(1, heartbeatMs / 4)
  const preVote = chance(0.8)
  const checkQuorum = chance(0.7)
  const sessions = chance(0.8)
  const lease = checkQuorum && chance(0.4)
  const client = (): ClientPlan => ({
    keys: 2 + drawIndex(random, 6),
    sessions: sessions || chance(0.3),
    leases: lease && chance(0.7),
    thinkMs: between(300, 1500),
    burst: between(0.2, 0.7),
    timeoutMs: electionMinMs * between(0.5, 3),
    deadlineMs: electionMinMs * between(4, 15),
    backoffMs: between(10, electionMinMs / 2),
    delayMs: between(0.5, 10),
    lostReplies: isHarsh && chance(0.5) ? between(0.01, 0.1) : 0,
  })
  const plan = {
    seed,
    voters,
    nodes: all,
    heartbeatMs,
    electionTimeoutMs: [electionMinMs, Math.round(electionMinMs * between(1.5, 2.5))] as const,
    preVote,
    checkQuorum,
    maxEntriesPerMessage: 1 + drawIndex(random, 16),
    maxInflight: 1 + drawIndex(random, 8),
    timers: (['fixed', 'fixed', 'backoff', 'adaptive'] as const)[drawIndex(random, 4)]!,
    lease,
    clockRates: Array.from({ length: all }, () => (isHarsh && chance(0.5) ? 1 + between(-1, 1) * (DRIFT_PPM_MAX / 1e6) : 1)),
    weather: weatherOf(random, isHarsh, delayMs, electionMinMs),
    syncMs: [0.1, between(0.5, 20)] as const,
    snapshotEvery: chance(0.75) ? 4 + drawIndex(random, 40) : 0,
    keepEntries: drawIndex(random, 12),
    changeLimitMs: electionMinMs * between(1, 15),
    clients: Array.from({ length: 3 + drawIndex(random, 4) }, client),
    operations: OPERATIONS_MIN + drawIndex(random, 80),
    faultsUntilMs: isHarsh ? FAULTS_UNTIL_MS : FAULTS_UNTIL_MS / 2,
  }
  return { ...plan, timeline: isHarsh ? timelineOf(random, all, electionMinMs) : [] }
}

function weatherOf(random: () => number, isHarsh: boolean, delayMs: number, electionMinMs: number): Weather {
  const isWet = isHarsh && random() < 0.6
  return {
    delayMs: [delayMs * random(), delayMs],
    loss: isWet ? random() * 0.08 : 0,
    replays: isWet ? random() * 0.1 : 0,
    replayMs: electionMinMs * (1 + random() * 10),
  }
}
