/** `cluster.raft`: how the nodes hold elections, serve reads, and shorten their logs. */
import { isSeq } from 'yaml'
import { CHAIN_MAX_MOST, SNAPSHOT_DEFAULTS, type RaftSettings } from '../../raft'
import { choice, described, duration, flag, integer, orNever } from '../field'
import { laterKeys } from '../later'
import type { PlanMap } from '../map'
import { formatDuration } from '../units'
import { readTimers } from './timers'

const fields = {
  heartbeat: { ...duration({ help: 'between heartbeats', min: 1, max: 60_000 }), initial: 50 },
  timeout: duration({ help: 'election timeout', min: 10, max: 600_000 }),
  preVote: { ...flag({ help: 'ask before campaigning' }), initial: true },
  checkQuorum: { ...flag({ help: 'a leader without quorum steps down' }), initial: true },
  reads: {
    ...choice({
      help: 'default consistency of reads',
      options: ['linearizable', 'lease', 'local'],
      synonyms: { strong: 'linearizable', stale: 'local', leader: 'lease' },
    }),
    initial: 'linearizable' as const,
  },
  requestTimeout: { ...duration({ help: "a node's own deadline for a request", min: 10, max: 600_000 }), initial: 2000 },
  entries: orNever(integer({ help: 'a snapshot after so many entries, or never', initial: SNAPSHOT_DEFAULTS.entries!, min: 1, max: 100_000_000 })),
  age: orNever(duration({ help: 'a snapshot at this age, or never', min: 100, max: 86_400_000, usual: 's' })),
  keep: { ...integer({ help: 'entries before it that stay in the log', min: 0, max: 100_000_000 }), initial: SNAPSHOT_DEFAULTS.keptEntries },
  chainMax: { ...integer({ help: 'parts of a snapshot, then a full one again', min: 1, max: CHAIN_MAX_MOST }), initial: SNAPSHOT_DEFAULTS.chainMax },
}

const ELECTION_TIMEOUT_MS: [number, number] = [150, 300]

export function readRaft(cluster: PlanMap): RaftSettings {
  const raft = cluster.map('raft', {
    known: ['heartbeat', 'electionTimeout', 'preVote', 'checkQuorum', 'reads', 'requestTimeout', 'timers', 'snapshot'],
    later: laterKeys.raft,
  })
  const snapshot = raft.map('snapshot', { known: ['entries', 'age', 'keep', 'chainMax'] })
  return {
    heartbeatMs: raft.readOr('heartbeat', fields.heartbeat),
    electionTimeoutMs: readElectionTimeout(raft),
    preVote: raft.readOr('preVote', fields.preVote),
    checkQuorum: raft.readOr('checkQuorum', fields.checkQuorum),
    reads: raft.readOr('reads', fields.reads),
    requestTimeoutMs: raft.readOr('requestTimeout', fields.requestTimeout),
    timers: readTimers(raft),
    snapshot: {
      entries: snapshot.readOr('entries', fields.entries),
      ageMs: snapshot.readOr('age', fields.age),
      keptEntries: snapshot.readOr('keep', fields.keep),
      chainMax: snapshot.readOr('chainMax', fields.chainMax),
    },
  }
}

function readElectionTimeout(raft: PlanMap): [number, number] {
  if (!raft.has('electionTimeout')) return ELECTION_TIMEOUT_MS
  const { source } = raft
  const path = raft.at('electionTimeout')
  const node = raft.node('electionTimeout')
  if (!isSeq(node)) {
    const single = fields.timeout.read(node)
    const suggestion = single.ok ? `[${formatDuration(single.value)}, ${formatDuration(2 * single.value)}]` : '[150ms, 300ms]'
    source.error(path, `${described(node)} where a range [shortest, longest] was expected`, suggestion, node)
    return ELECTION_TIMEOUT_MS
  }
  const items = raft.items('electionTimeout')
  if (items.length !== 2) {
    source.error(path, `a range has two ends, [shortest, longest], not ${items.length}`, '[150ms, 300ms]', node)
    return ELECTION_TIMEOUT_MS
  }
  const [least, most] = items.map((item) => {
    const reading = fields.timeout.read(item.node)
    if (reading.ok) return reading.value
    source.error(item.path, reading.message, reading.suggestion, item.node)
    return null
  })
  if (least == null || most == null) return ELECTION_TIMEOUT_MS
  if (least > most) {
    source.error(path, `the shortest (${formatDuration(least)}) is more than the longest (${formatDuration(most)})`, `[${formatDuration(most)}, ${formatDuration(least)}]`, node)
  }
  return [least, most]
}
