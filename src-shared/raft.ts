/** How the nodes of a cluster are told to run Raft: the plan says it, the engine passes it on, a node does it. */

/**
 * How timers adapt. fixed: not at all. backoff: heartbeats to a silent peer double their interval up to `maxProbeMs`.
 * adaptive: election timeouts follow the measured round trips; no shortest one is below the floor, no longest above the ceiling.
 */
export type TimerSettings =
  | { kind: 'fixed' }
  | { kind: 'backoff'; maxProbeMs: number }
  | { kind: 'adaptive'; floorMs: number; ceilingMs: number }

export interface SnapshotSettings {
  /** a snapshot once that many entries were applied since the last; null = never for that reason */
  entries: number | null
  /** a snapshot once the last is that old and something was applied since; null = never for that reason */
  ageMs: number | null
  /** entries before the snapshot that stay in the log, for followers that are a little behind */
  keptEntries: number
  /** parts of a chain, the full one included; then a full one again */
  chainMax: number
}

export const SNAPSHOT_DEFAULTS: SnapshotSettings = { entries: 10_000, ageMs: null, keptEntries: 5_000, chainMax: 8 }
/** a manifest lists no more parts */
export const CHAIN_MAX_MOST = 64

export interface RaftSettings {
  heartbeatMs: number
  /** shortest and longest */
  electionTimeoutMs: [number, number]
  preVote: boolean
  checkQuorum: boolean
  reads: 'linearizable' | 'lease' | 'local'
  requestTimeoutMs: number
  timers: TimerSettings
  snapshot: SnapshotSettings
}
