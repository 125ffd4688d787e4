/** Puts a node's parts together: core, driver, links, snapshots, and what watches them. Knows nothing of HTTP or of the process. */
import { SNAPSHOT_DEFAULTS } from '@shared/raft'
import type { NodeSample } from '@shared/run/event'
import { createRaft } from '../raft/raft'
import type { CoreEvent, Raft } from '../raft/types'
import type { NodeConfig } from './child'
import type { Clocks } from './clocks'
import { Driver } from './driver'
import type { Found } from './found'
import type { Harms } from './harms'
import { ROOM_BYTES } from './peers/outgoing'
import { Transport } from './peers/transport'
import { Sampler } from './sampler'
import { Snapshotter } from './snapshots/snapshotter'
import { SnapshotStreams } from './snapshots/streams'
import { encodeSnapshotFrame } from './snapshots/wire'
import type { Wal } from './storage/wal'

/** One append: enough for a batch of a busy turn, small enough that a heartbeat behind it is not late. */
const ENTRIES_PER_MESSAGE_MAX = 4_096
const BYTES_PER_MESSAGE_MAX = 1024 * 1024
/** With batches of that size a follower 200 ms away is still kept busy. */
const INFLIGHT_MAX = 64
/** What one follower may cost in memory on both sides: it may echo heartbeats while its disk takes nothing. */
const INFLIGHT_BYTES_MAX = 16 * 1024 * 1024
/** how wrong a laptop's monotonic clock runs at most, with room: crystals stay within 100 ppm, slewing adds 500 */
const LEASE_DRIFT_PPM = 1_000

export interface Running {
  raft: Raft
  wal: Wal
  driver: Driver
  transport: Transport
  sampler: Sampler
  snapshotter: Snapshotter
  streams: SnapshotStreams
  found: Found
}

export interface Listeners {
  onEvent: (event: CoreEvent) => void
  onSample: (sample: NodeSample) => void
  onSync: (durationMs: number) => void
  /** one is durable: made here, or the leader's */
  onSnapshot: (index: number, what: 'full' | 'changes' | 'installed') => void
  onNote: (level: 'info' | 'warning', text: string) => void
  onDiskFailure: (error: Error) => void
  onBug: (error: unknown) => void
}

export function assemble(config: NodeConfig, harms: Harms, boot: string, clocks: Clocks, found: Found, listeners: Listeners): Running {
  const { id, token, peers } = config
  const { store, wal } = found
  const { monotonic, timers } = clocks
  const raft = createRaft(raftConfig(config), found.durable, timers.nowMs())
  const transport: Transport = new Transport({
    id,
    boot,
    token,
    peers,
    clock: monotonic,
    harms,
    onMessage: (message) => driver.receive(message),
    onSnapshot: (from, bytes, start) => streams.take(from, bytes, start),
    onBad: (from, reason) => {
      listeners.onNote('warning', `a connection ${from === null ? 'of nobody known' : `from ${from}`} was closed: ${reason}`)
    },
  })
  const driver: Driver = new Driver({
    raft,
    wal,
    clock: timers,
    requestTimeoutMs: config.raft.requestTimeoutMs,
    machine: found.machine,
    send: (message) => transport.send(message),
    onSnapshotWanted: (to) => streams.start(to),
    onEvent: (event) => {
      if (event.kind === 'role' && event.role !== 'leader') streams.stopSending()
      listeners.onEvent(event)
    },
    onSync: (durationMs) => {
      sampler.synced(durationMs)
      listeners.onSync(durationMs)
    },
    onDiskFailure: listeners.onDiskFailure,
    onBug: listeners.onBug,
  })
  const onNote = (text: string): void => listeners.onNote('info', text)
  const onFailure = (error: Error): void => listeners.onDiskFailure(new Error(`a snapshot: ${error.message}`))
  const streams: SnapshotStreams = new SnapshotStreams({
    store,
    nowMs: monotonic.nowMs,
    send: (to, frame) => transport.sendSnapshot(to, encodeSnapshotFrame(frame, ROOM_BYTES)),
    term: () => raft.status().term,
    known: () => raft.status().commit,
    onInstalled: (manifest, machine) => {
      driver.install({ index: manifest.index, term: manifest.term, membership: manifest.membership }, machine)
      listeners.onSnapshot(manifest.index, 'installed')
    },
    onGivenUp: (to) => driver.snapshotFailed(to),
    onNote,
    onFailure,
  })
  const snapshotter = new Snapshotter({
    store,
    settings: { ...SNAPSHOT_DEFAULTS, ...config.raft.snapshot },
    machine: () => driver.state(),
    meta: (index) => raft.snapshotMeta(index),
    nowMs: monotonic.nowMs,
    cut: (index) => wal.cut(driver.compact(index) - 1),
    onMade: listeners.onSnapshot,
    onNote,
    onFailure,
  })
  const sampler = new Sampler(id, boot, clocks, driver, wal, transport, listeners.onSample)
  return { raft, wal, driver, transport, sampler, snapshotter, streams, found }
}

function raftConfig({ id, voters, learners, raft }: NodeConfig): Parameters<typeof createRaft>[0] {
  const { heartbeatMs, electionTimeoutMs, preVote, checkQuorum } = raft
  return {
    id,
    voters,
    learners,
    heartbeatMs,
    electionTimeoutMs,
    preVote,
    checkQuorum,
    timers: raft.timers,
    priority: raft.priority,
    peerPriorities: raft.peerPriorities,
    lease: checkQuorum ? { driftPpm: LEASE_DRIFT_PPM } : null,
    random: Math.random,
    maxEntriesPerMessage: ENTRIES_PER_MESSAGE_MAX,
    maxBytesPerMessage: BYTES_PER_MESSAGE_MAX,
    maxInflight: INFLIGHT_MAX,
    maxInflightBytes: INFLIGHT_BYTES_MAX,
  }
}
