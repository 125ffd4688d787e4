/** What guards and faults that wait see of a run while it goes on. */
import type { LiveMetric } from '@shared/plan/plan'
import type { Cluster } from '../cluster/cluster'
import type { RunClock } from '../launch/clock'
import type { Halt } from './halt'
import type { Leaders } from './leaders'
import type { LiveSource } from './live'
import { readings } from './readings'

export interface Surroundings {
  /** null = it has no value now */
  read(metric: LiveMetric): number | null
  /** whether a running node claims to lead */
  hasLeader(): boolean
  /** whether some term got its leader since this moment, ms since load start */
  electedSince(ms: number): boolean
  /** since load start */
  nowMs(): number
  /** resolves after so long, or earlier when the run is halted */
  pause(ms: number): Promise<void>
  isHalted(): boolean
}

/** Of a run whose load has started. */
export function surroundingsOf(run: { clock: RunClock; halt: Halt; source: LiveSource; leaders: Leaders; cluster: Cluster }): Surroundings {
  const { clock, halt, source, leaders, cluster } = run
  const loadStartNs = source.loadStartNs!
  return {
    read: (metric) =>
      readings[metric]({
        nowNs: clock.nowNs(),
        load: source.load.now(),
        nodes: source.nodes,
        electedNs: leaders.electedSince(loadStartNs),
        lastAckNs: leaders.lastAckNs,
      }),
    hasLeader: () => cluster.leader() !== null,
    electedSince: (ms) => leaders.electedSince(loadStartNs + ms * 1e6).length > 0,
    nowMs: () => (clock.nowNs() - loadStartNs) / 1e6,
    pause: (ms) => halt.orAfter(ms),
    isHalted: () => halt.reason !== null,
  }
}
