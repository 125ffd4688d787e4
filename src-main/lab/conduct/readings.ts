/** What can be read of a run while it goes on: a figure for each metric that a guard or a fault's `when` may name. */
import type { LiveMetric } from '@shared/plan/plan'
import type { NodeProcess } from '../cluster/node-process'
import type { LoadNow } from './window'

/** Everything known at one moment; times in ns since the run's origin. */
export interface Moment {
  nowNs: number
  load: LoadNow
  nodes: readonly NodeProcess[]
  /** when somebody last became leader, one for each term since load start */
  electedNs: readonly number[]
  /** last round of heartbeats that a quorum acknowledged, of any leader */
  lastAckNs: number | null
}

const SECOND_NS = 1e9

/** null = no value at this moment: a condition then neither holds nor starts anew. */
export const readings: Record<LiveMetric, (moment: Moment) => number | null> = {
  availability: ({ load }) => load.availability,
  'latency.p50': ({ load }) => load.p50,
  'latency.p99': ({ load }) => load.p99,
  rate: ({ load }) => load.n,
  in_flight: ({ load }) => load.inFlight,
  overdue: ({ load }) => load.overdue,
  queue: ({ nodes }) => largest(nodes.flatMap(({ state, sample }) => (state === 'running' && sample ? [sample.pending] : []))),
  commit_lag: ({ nodes }) => largest(nodes.map((node) => lagOf(node, nodes))),
  fsync: (moment) => largest(lastSecond(moment).map(({ fsyncMsMax }) => fsyncMsMax)),
  loop_lag: (moment) => largest(lastSecond(moment).map(({ loopLagMsMax }) => loopLagMsMax)),
  leaderless: ({ nowNs, lastAckNs }) => (lastAckNs === null ? null : Math.max(0, (nowNs - lastAckNs) / 1e6)),
  elections: ({ electedNs }) => electedNs.length,
  nodes_down: ({ nodes }) => nodes.filter(({ state, lives }) => state === 'down' && lives.list.length > 0).length,
}

/** Nodes report at different moments: one that runs is compared with what was committed when it reported. */
function lagOf({ state, sample }: NodeProcess, nodes: readonly NodeProcess[]): number | null {
  if (!sample || state === 'down' || state === 'starting') return null
  const byNs = state === 'running' ? sample.atNs : Infinity
  const known = nodes.flatMap(({ history }) => history.findLast(({ atNs }) => atNs <= byNs)?.commit ?? [])
  return Math.max(0, ...known.map((commit) => commit - sample.commit))
}

const lastSecond = ({ nodes, nowNs }: Moment) =>
  nodes.flatMap(({ history }) => history.slice(-SAMPLES_OF_A_SECOND).filter(({ atNs }) => atNs > nowNs - SECOND_NS))

/** Nodes report five times a second; some more, should one catch up. */
const SAMPLES_OF_A_SECOND = 10

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}
