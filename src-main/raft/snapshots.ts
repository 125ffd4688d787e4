/**
 * The core's side of snapshots: it holds none, it only knows where its log begins and who needs what lies before.
 * The bytes travel outside of it, from node to node (Raft §7).
 */
import { becomeFollower } from './core'
import type { Core } from './core'
import { tellProgress } from './following'
import { broken } from './invariant'
import { tell } from './membership/effect'
import { stageOf } from './membership/sets'
import type { Progress } from './tracker/progress'
import type { LogIndex, NodeId, SnapshotMeta } from './types'

/** Asks for a stream to a follower that needs what was cut; once, and again when that was given up and a heartbeat is due. */
export function requestSnapshot(core: Core, follower: Progress): void {
  const isUnderWay = follower.mode === 'snapshot' && !(follower.hasSnapshotFailed && follower.heartbeatDue)
  if (isUnderWay) return
  const cut = core.log.first - 1
  follower.awaitSnapshot(cut)
  core.outbox.snapshot(follower.id, cut)
}

export function snapshotFailed(core: Core, to: NodeId): void {
  if (core.state.role !== 'leader') return
  const follower = core.state.followers.get(to)
  if (follower?.mode === 'snapshot') follower.hasSnapshotFailed = true
}

export function metaAt(core: Core, index: LogIndex): SnapshotMeta | null {
  const term = core.log.term(index)
  return term === null || index < core.members.begin ? null : { index, term, membership: core.members.at(index) }
}

/** Cuts the log behind `index`; what is not applied and durable here can't be covered by a snapshot yet. */
export function compact(core: Core, index: LogIndex): void {
  const { log, applied, config, members } = core
  if (index > applied || index > log.durable) {
    broken(`${config.id} compact`, `to ${index}, applied ${applied}, durable ${log.durable}`)
  }
  if (index < log.first) return
  log.compact(index)
  members.compact(index)
}

/** @returns whether the log stands at the snapshot now; false when it was past it already */
export function restore(core: Core, meta: SnapshotMeta): boolean {
  if (meta.term > core.term) becomeFollower(core, meta.term, null)
  const isNew = meta.index > core.commit && core.state.role !== 'leader'
  if (isNew) install(core, meta)
  tellProgress(core)
  return isNew
}

function install(core: Core, meta: SnapshotMeta): void {
  const { log, members, persistence } = core
  const before = members.current
  const isOfThisHistory = log.term(meta.index) === meta.term
  // the disk would have a gap between what it holds and what comes next
  if (!isOfThisHistory || log.handed < meta.index) persistence.restored(meta)
  if (isOfThisHistory) {
    log.compact(meta.index)
    members.compact(meta.index)
  } else {
    log.reset(meta.index, meta.term)
    members.reset(meta.index, meta.term, meta.membership)
    if (JSON.stringify(before) !== JSON.stringify(members.current)) tell(core, stageOf(before, members.current))
  }
  core.commit = core.applyHanded = core.applied = meta.index
}
