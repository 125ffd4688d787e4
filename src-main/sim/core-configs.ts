/** How the cores of a world are configured: all alike, each with its own chance in each of its lives. */
import { seededRandom } from '@shared/stats/random'
import type { NodeId, RaftConfig, Timers } from '../raft/types'
import { DRIFT_PPM_MAX, type WorldPlan } from './plan'

export class CoreConfigs {
  readonly #common: Omit<RaftConfig, 'id' | 'random'>

  /** @param voters the first configuration; who votes later is what the log says */
  constructor(
    private readonly plan: WorldPlan,
    voters: readonly NodeId[],
  ) {
    this.#common = {
      voters: [...voters],
      heartbeatMs: plan.heartbeatMs,
      electionTimeoutMs: plan.electionTimeoutMs,
      preVote: plan.preVote,
      checkQuorum: plan.checkQuorum,
      maxEntriesPerMessage: plan.maxEntriesPerMessage,
      maxBytesPerMessage: 4096,
      maxInflight: plan.maxInflight,
      timers: timersOf(plan),
      changeLimitMs: plan.changeLimitMs,
      lease: plan.lease ? { driftPpm: DRIFT_PPM_MAX } : null,
    }
  }

  of(id: NodeId, life: number): RaftConfig {
    return { ...this.#common, id, random: seededRandom(this.plan.seed, `${id}/${life}`) }
  }
}

function timersOf({ timers, heartbeatMs, electionTimeoutMs: [minMs] }: WorldPlan): Timers {
  if (timers === 'backoff') return { kind: 'backoff', maxProbeMs: heartbeatMs * 4 }
  return timers === 'adaptive' ? { kind: 'adaptive', floorMs: minMs / 2, ceilingMs: minMs * 2 } : { kind: 'fixed' }
}
