/** The leader's side of the log: sending it, hearing how far followers have it, committing it (Raft §5.3, §5.4.2). */
import { raiseCommit } from './core'
import type { Core, Leader } from './core'
import { broken } from './invariant'
import { followMembers } from './membership/effect'
import { reachedByQuorum } from './quorum/joint'
import { requestSnapshot } from './snapshots'
import type { Progress } from './tracker/progress'
import { advanceTransfer } from './transfer'
import type { Entry, LogIndex, Message } from './types'

type AppendReply = Extract<Message, { type: 'appendReply' }>

/** Entries sent last, kept for the next follower: all that keep up get the same array, encoded once if the caller likes. */
interface Batch {
  from: LogIndex
  entries: Entry[]
  bytes: number
}

/**
 * Sends every follower what it lacks, and the heartbeat of a round that has begun. Goes out at once: the leader writes
 * its own log at the same time (dissertation §10.2.1), and counts itself only when that is done.
 */
export function sendAppends(core: Core, leader: Leader): void {
  let batch: Batch = { from: 0, entries: [], bytes: 0 }
  for (const follower of leader.followers.values()) {
    const isProbing = follower.mode === 'probe'
    let hasSent = false
    if (follower.next < core.log.first) requestSnapshot(core, follower)
    while (follower.isOpen() && follower.next <= core.log.last) {
      const from = follower.next
      if (batch.from !== from) batch = batchFrom(core, from)
      sendAppend(core, leader, follower, batch.entries)
      follower.sent(from + batch.entries.length - 1, batch.bytes)
      hasSent = true
    }
    // A heartbeat of its own is echoed without waiting for the follower's disk; a probe is a question already.
    if (follower.heartbeatDue && !(isProbing && hasSent)) sendAppend(core, leader, follower, [])
    follower.heartbeatDue = false
  }
}

function batchFrom({ config, log }: Core, from: LogIndex): Batch {
  const entries = log.sliceBounded(from, config.maxEntriesPerMessage, config.maxBytesPerMessage)
  return { from, entries, bytes: entries.reduce((sum, { data }) => sum + data.byteLength, 0) }
}

/** A follower's answer in this term. */
export function onProgress(core: Core, leader: Leader, follower: Progress, message: AppendReply): void {
  const { match, accepted } = message
  if (accepted && match > core.log.last) broken(`${core.config.id} onProgress`, `${follower.id} has ${match} of ${core.log.last}`)
  if (!accepted) follower.rejected(match, retryAt(core, message), core.log.first)
  else if (follower.accepted(match)) advanceCommit(core, leader)
  advanceTransfer(core, leader)
  if (follower.next <= core.log.last) core.isFlushDue = true
}

/**
 * Commits what a majority has on disk, if its last entry is of the own term; what lies before it comes with it
 * (Raft §5.4.2, figure 8: an older entry on a majority may still be overwritten).
 */
export function advanceCommit(core: Core, leader: Leader): void {
  const { members, config, log } = core
  const index = reachedByQuorum(members.current, (id) => (id === config.id ? log.durable : (leader.followers.get(id)?.match ?? 0)))
  if (index <= core.commit || log.term(index) !== core.term) return
  const isConfigNew = core.commit < members.index
  raiseCommit(core, index)
  if (isConfigNew && core.commit >= members.index) followMembers(core, leader, core.log.last + 1)
}

/** Where the logs may agree: at the end of the conflicting term if it is known here, else before all of it there (Raft §5.3). */
function retryAt(core: Core, { match: refused, conflictIndex, conflictTerm }: AppendReply): LogIndex {
  const last = conflictTerm > 0 ? core.log.lastOfTerm(conflictTerm) : null
  return last !== null && last < refused ? last + 1 : conflictIndex
}

function sendAppend(core: Core, leader: Leader, follower: Progress, entries: readonly Entry[]): void {
  const prevIndex = Math.max(follower.next, core.log.first) - 1 // less only while a snapshot is on its way
  const prevTerm = core.log.term(prevIndex)
  if (prevTerm === null) broken(`${core.config.id} sendAppend`, `${follower.id} would need ${prevIndex} of ${core.log.last}`)
  core.outbox.sendNow({
    type: 'append',
    from: core.config.id,
    to: follower.id,
    term: core.term,
    prevIndex,
    prevTerm,
    entries,
    commit: core.commit,
    round: leader.rounds.current,
  })
}
