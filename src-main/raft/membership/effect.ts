/** A configuration comes into the log, or leaves it: whoever stands in the log's newest one takes part from that moment. */
import type { Core, Leader } from '../core'
import { Progress } from '../tracker/progress'
import type { Entry, LogIndex, NodeId } from '../types'
import { decodeMembership } from './codec'
import { allMembers, stageOf } from './sets'

/** Entries were appended to the own log. */
export function onEntriesAppended(core: Core, entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (entry.type !== 'config') continue
    const before = core.members.current
    core.members.append(entry.index, entry.term, decodeMembership(entry.data))
    tell(core, stageOf(before, core.members.current))
    if (core.state.role === 'leader') followMembers(core, core.state, entry.index)
  }
}

/** The own log lost everything from `index` on. */
export function onEntriesTruncated(core: Core, index: LogIndex): void {
  if (core.members.truncate(index)) tell(core, 'undone')
}

/**
 * The leader's followers are the members. One that was removed stays until that is committed, so that it can learn of it.
 *
 * @param next what a new one is asked about first
 */
export function followMembers(core: Core, leader: Leader, next: LogIndex): void {
  const { config, members } = core
  const wanted = new Set<NodeId>(allMembers(members.current))
  for (const id of wanted) {
    if (id !== config.id && !leader.followers.has(id)) leader.followers.set(id, new Progress(id, next, config, core.nowMs))
  }
  if (core.commit < members.index) return
  for (const id of leader.followers.keys()) if (!wanted.has(id)) leader.followers.delete(id)
}

export function tell(core: Core, stage: 'learner' | 'joint' | 'final' | 'undone' | 'forced'): void {
  const { term, members, log } = core
  const index = stage === 'forced' ? log.last : members.index
  core.outbox.event({ kind: 'membership', term, index, membership: members.current, stage })
}
