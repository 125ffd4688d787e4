/** The follower's side of the log: checking, repairing and extending it as the leader of this term says (Raft §5.3). */
import { becomeFollower, raiseCommit, restartElectionTimer } from './core'
import type { Core } from './core'
import { broken } from './invariant'
import { onEntriesAppended, onEntriesTruncated } from './membership/effect'
import type { Entry, LogIndex, Message } from './types'

type Append = Extract<Message, { type: 'append' }>
type AppendReply = Extract<Message, { type: 'appendReply' }>

/** An append of the own term: its sender is the one leader of this term. */
export function onAppend(core: Core, message: Append): void {
  const { from, term, prevIndex, prevTerm, entries } = message
  if (core.leader !== null && core.leader !== from) {
    broken(`${core.config.id} onAppend`, `${core.leader} and ${from} lead term ${term}`)
  }
  becomeFollower(core, term, from)
  core.leaderContactMs = core.nowMs
  core.leaderRound = message.round
  restartElectionTimer(core)

  if (prevIndex < core.log.first - 1) {
    onAppendBehindCut(core, message)
    return
  }
  if (core.log.term(prevIndex) !== prevTerm) {
    refuse(core, message)
    return
  }
  addMissing(core, prevIndex, entries)
  const lastNew = prevIndex + entries.length
  const commit = Math.min(message.commit, lastNew) // beyond it this log may still differ from the leader's
  if (commit > core.commit) raiseCommit(core, commit)
  accept(core, message, lastNew)
}

/** What was cut here is committed, so it is the leader's too: only what lies behind the cut is looked at. */
function onAppendBehindCut(core: Core, message: Append): void {
  const prevIndex = core.log.first - 1
  const prevTerm = core.log.lastTermBefore
  const known = prevIndex - message.prevIndex
  const last = message.entries[known - 1]
  if (last && last.term !== prevTerm) {
    broken(`${core.config.id} onAppend`, `entry ${prevIndex} has term ${prevTerm} in a snapshot, ${last.term} at its leader`)
  }
  onAppend(core, { ...message, prevIndex, prevTerm, entries: message.entries.slice(known) })
}

/**
 * A follower in the middle of nothing new tells its leader how far it is: what is durable and known to be the leader's.
 * It echoes a round it has echoed before, if there was one in this term.
 */
export function tellProgress(core: Core): void {
  const { config, term, leader, leaderRound: round, log, commit } = core
  if (leader === null || leader === config.id || round === 0) return
  const match = Math.min(commit, log.durable)
  const reply: AppendReply = {
    type: 'appendReply',
    from: config.id,
    to: leader,
    term,
    round,
    accepted: true,
    match,
    conflictIndex: 0,
    conflictTerm: 0,
  }
  core.outbox.sendAfterPersist(reply)
}

/**
 * An append of an older term: its sender has to learn that it is deposed, and nothing else. By the time the answer
 * arrives, it may lead this very term; the round and index it asked about in its former one would be taken for new.
 */
export function refuseOldLeader(core: Core, message: Append): void {
  send(core, { ...answer(core, message), round: 0 })
}

function refuse(core: Core, message: Append): void {
  const { log } = core
  const found = log.term(message.prevIndex)
  const conflictTerm = found ?? 0
  // never back into what is committed: that agrees, and a leader that waits for a snapshot would take it for an old answer
  const conflictIndex = found === null ? log.last + 1 : Math.max(log.firstOfTerm(found) ?? message.prevIndex, core.commit + 1)
  send(core, { ...answer(core, message), accepted: false, match: message.prevIndex, conflictIndex, conflictTerm })
}

/**
 * A heartbeat is echoed at once, naming only what is durable here, so that a slow disk does not look like a dead node.
 * An append with entries promises them, and has to wait until they are durable.
 */
function accept(core: Core, message: Append, lastNew: LogIndex): void {
  const reply: AppendReply = { ...answer(core, message), accepted: true, match: lastNew }
  if (message.entries.length > 0) core.outbox.sendAfterPersist(reply)
  else send(core, { ...reply, match: Math.min(lastNew, core.log.durable) })
}

/** For replies that promise nothing but the own term. */
function send(core: Core, reply: AppendReply): void {
  if (core.persistence.durable.term === core.term) core.outbox.sendNow(reply)
  else core.outbox.sendAfterPersist(reply)
}

function answer(core: Core, { from, round }: Append): AppendReply {
  const { term, config } = core
  const nothing = { accepted: false, match: 0, conflictIndex: 0, conflictTerm: 0 }
  return { type: 'appendReply', from: config.id, to: from, term, round, ...nothing }
}

/** Keeps what agrees; truncates only at a real conflict, since a late message must not take back what a newer one brought. */
function addMissing(core: Core, prevIndex: LogIndex, entries: readonly Entry[]): void {
  const { log } = core
  let known = 0
  while (known < entries.length && log.term(prevIndex + 1 + known) === entries[known]!.term) known++
  if (known === entries.length) return
  const from = prevIndex + 1 + known
  if (from <= log.last) {
    if (from <= core.commit) {
      broken(`${core.config.id} addMissing`, `entry ${from} is committed (to ${core.commit}) and would be overwritten`)
    }
    core.outbox.event({ kind: 'truncated', fromIndex: from, toIndex: log.last, term: core.term })
    log.truncate(from)
    core.persistence.truncated(from)
    onEntriesTruncated(core, from)
  }
  const missing = known === 0 ? entries : entries.slice(known)
  log.append(missing)
  onEntriesAppended(core, missing)
}
