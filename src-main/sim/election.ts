/**
 * How long a cluster is without a leader after its leader crashed: many crashes in virtual time. The scenario is that of
 * figure 16 in Ongaro & Ousterhout, "In Search of an Understandable Consensus Algorithm" (extended version): the leader
 * sends a heartbeat to all at once and crashes at a random moment before the next would be due.
 */
import { ascending, quantile } from '@shared/stats/quantiles'
import { seededRandom } from '@shared/stats/random'
import { closedFormMs } from './election-closed-form'
import { ElectionCluster } from './election-cluster'
import type { ElectionScenario } from './election-cluster'

/** An election that is not over after this virtual time is given up: a censored observation. */
export const ELECTION_LIMIT_MS = 600_000

export interface ElectionOptions extends ElectionScenario {
  trials: number
  /** integer; equal options give equal elections */
  seed: number
}

/** The public figures of `sim election`. A censored election counts with the limit: with any, they are lower bounds. */
export interface ElectionResult {
  trials: number
  censored: number
  mean_ms: number
  p50_ms: number
  p90_ms: number
  p99_ms: number
  max_ms: number
  closed_form_ms: number | null
}

export interface ElectionTimes {
  /** one a trial, ascending, from the crash to the moment a candidate has counted its majority */
  sortedMs: Float64Array
  censored: number
}

/** @throws RangeError when the options describe no such election */
export function runElections(options: ElectionOptions, onTrial?: (done: number) => void): ElectionResult {
  return electionResult(options, electionTimes(options, onTrial))
}

/** @param onTrial told how many trials are done */
export function electionTimes(options: ElectionOptions, onTrial?: (done: number) => void): ElectionTimes {
  assertPossible(options)
  const timesMs: number[] = []
  let censored = 0
  for (let trial = 1; trial <= options.trials; trial++) {
    const timeMs = electOnce(options, trial)
    if (timeMs === null) censored++
    timesMs.push(timeMs ?? ELECTION_LIMIT_MS)
    onTrial?.(trial)
  }
  return { sortedMs: ascending(timesMs), censored }
}

export function electionResult(options: ElectionOptions, { sortedMs, censored }: ElectionTimes): ElectionResult {
  const at = (q: number) => microseconds(quantile(sortedMs, q) ?? 0)
  const closedForm = closedFormMs({ ...options, storeMs: 0 })
  return {
    trials: sortedMs.length,
    censored,
    mean_ms: microseconds(sortedMs.reduce((sum, timeMs) => sum + timeMs, 0) / sortedMs.length),
    p50_ms: at(0.5),
    p90_ms: at(0.9),
    p99_ms: at(0.99),
    max_ms: at(1),
    closed_form_ms: closedForm === null ? null : microseconds(closedForm),
  }
}

/** Timers, delays and the crash have streams of their own for each trial: two settings that differ in one thing share the rest. */
function electOnce(options: ElectionOptions, trial: number): number | null {
  const stream = (name: string) => seededRandom(options.seed, `election/${trial}/${name}`)
  const cluster = new ElectionCluster(options, { timers: stream('timers'), delays: stream('delays') })
  const [minMs, maxMs] = options.timeoutMs
  cluster.appoint(maxMs)
  const intervalMs = minMs / 2
  const heartbeatMs = maxMs + intervalMs
  return cluster.replaceLeader(heartbeatMs, heartbeatMs + stream('crash')() * intervalMs, ELECTION_LIMIT_MS)
}

function assertPossible({ nodes, timeoutMs, broadcastMs, trials }: ElectionOptions): void {
  const [minMs, maxMs] = timeoutMs
  if (!Number.isInteger(nodes) || nodes < 3) throw new RangeError(`${nodes} nodes: at least 3 are needed, a majority has to survive`)
  const isRange = minMs > 0 && maxMs >= minMs && maxMs < ELECTION_LIMIT_MS
  if (!isRange) throw new RangeError(`timeouts ${minMs}..${maxMs}: not a range`)
  if (!(broadcastMs >= 0 && broadcastMs < ELECTION_LIMIT_MS)) throw new RangeError(`broadcast ${broadcastMs}: not a time`)
  if (!Number.isInteger(trials) || trials < 1) throw new RangeError(`${trials} trials: at least 1 is needed`)
}

/** Digits below a microsecond would be noise of the arithmetic. */
function microseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
