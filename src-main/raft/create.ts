/** From what a disk holds to a core: checks that it can be, and puts log, members and state together. */
import type { Core } from './core'
import { drawElectionTimeout } from './core'
import { broken } from './invariant'
import { RaftLog } from './log/log'
import { decodeMembership } from './membership/codec'
import { tell } from './membership/effect'
import { MembershipHistory } from './membership/history'
import { Outbox } from './outbox'
import { Persistence } from './persistence'
import { PRIORITY_MAX } from './priority'
import type { Durable, Entry, ForcedMembership, HardState, LogIndex, Membership, RaftConfig, SnapshotMeta, Term } from './types'

/** @throws when the configuration or what the disk holds can't be */
export function createCore(config: RaftConfig, durable: Durable, nowMs: number): Core {
  checkConfig(config)
  const snapshot = durable.snapshot ?? null
  const found = snapshot === null ? { base: START, entries: durable.entries, isWhole: true } : joined(snapshot, durable.entries)
  const log = new RaftLog(found.entries, found.base)
  const lastTerm = found.entries.at(-1)?.term ?? 0
  const known = durable.hardState.term
  if (lastTerm > known) broken(`${config.id} create`, `the log has term ${lastTerm}, the hard state only ${known}`)
  const forced = durable.forced ?? null
  const { term, vote } = atLeastOf(forced, atLeastOf(snapshot, durable.hardState))
  const persistence = new Persistence(durable.hardState)
  if (snapshot !== null && !found.isWhole) persistence.restored(snapshot)
  const max = config.electionTimeoutMs[1]
  const start = snapshot?.index ?? 0
  const core: Core = {
    config,
    log,
    members: membersOf(config, { snapshot, entries: found.entries, forced }),
    outbox: new Outbox(),
    persistence,
    nowMs,
    term,
    vote,
    leader: null,
    leaderContactMs: nowMs,
    leaderRound: 0,
    commit: start,
    applyHanded: start,
    applied: start,
    timeoutsMs: config.electionTimeoutMs,
    shrinking: null,
    roundTrips: new Map(),
    electionTimeoutMs: max,
    electionDeadlineMs: nowMs + max,
    state: { role: 'follower' },
    handingTo: null,
    yieldDueMs: nowMs,
    isDiskStalled: false,
    isFlushDue: false,
    told: null,
  }
  drawElectionTimeout(core)
  if (core.members.isForced) tell(core, 'forced')
  return core
}

function checkConfig(config: RaftConfig): void {
  const { id, voters, learners = [], heartbeatMs, priority = PRIORITY_MAX, timers } = config
  const [min, max] = config.electionTimeoutMs
  const names = [...voters, ...learners]
  if (voters.length === 0) broken(`${id} create`, 'there is no voter')
  if (new Set(names).size !== names.length) broken(`${id} create`, `a node is named twice: ${names.join(' ')}`)
  if (timers?.kind === 'adaptive' && !(timers.floorMs > 0 && timers.ceilingMs >= 2 * timers.floorMs)) {
    broken(`${id} create`, `adaptive timeouts from ${timers.floorMs} to ${timers.ceilingMs}: the ceiling has to be twice the floor`)
  }
  if (!(priority >= 0 && priority <= PRIORITY_MAX)) broken(`${id} create`, `priority ${priority}`)
  if (!(min > 0 && min <= max && heartbeatMs > 0)) broken(`${id} create`, `timeouts ${min}…${max}, heartbeat ${heartbeatMs}`)
}

/**
 * A snapshot or an operator's word is durable in a file of its own, perhaps before the term it brought along is. The node
 * begins in that term, with a free vote: a vote leaves a node only once its term is durable, so it can have given none in this one.
 */
function atLeastOf(from: { term: Term } | null, hardState: HardState): HardState {
  return from !== null && from.term > hardState.term ? { term: from.term, vote: null } : hardState
}

/** before the first entry of all */
const START = { index: 0, term: 0 }

interface Joined {
  /** what `entries` follow */
  base: { index: LogIndex; term: Term }
  entries: readonly Entry[]
  isWhole: boolean
}

/**
 * What of a log continues a snapshot. Entries that don't reach it, or have another term there, are of a history that
 * the snapshot ended: a crash came after it was durable and before the log was.
 */
function joined({ index, term }: SnapshotMeta, entries: readonly Entry[]): Joined {
  const base = { index, term }
  const first = entries[0]
  if (first === undefined) return { base, entries, isWhole: false }
  if (first.index === index + 1) return { base, entries, isWhole: true }
  if (first.index > index + 1) broken('create', `the log begins at ${first.index}, the snapshot ends at ${index}`)
  if (entries[index - first.index]?.term !== term) return { base, entries: [], isWhole: false }
  return first.index === START.index + 1 ? { base: START, entries, isWhole: true } : { base: first, entries: entries.slice(1), isWhole: true }
}

interface Said {
  snapshot: SnapshotMeta | null
  entries: readonly Entry[]
  forced: ForcedMembership | null
}

function membersOf({ voters, learners = [] }: RaftConfig, { snapshot, entries, forced }: Said): MembershipHistory {
  const first: { index: LogIndex; term: Term; membership: Membership } = snapshot ?? { ...START, membership: { voters, outgoing: [], learners } }
  const members = new MembershipHistory(first.index, first.term, first.membership, forced)
  for (const { index, term, type, data } of entries) if (index > first.index && type === 'config') members.append(index, term, decodeMembership(data))
  return members
}
