/** What a core shows of itself; a copy, taken when asked. */
import type { Core } from './core'
import type { Status } from './types'

export function statusOf(core: Core): Status {
  const { config, state, log } = core
  const progress: Status['progress'] = {}
  if (state.role === 'leader') {
    for (const { id, match, next, recentMs, mode } of state.followers.values()) progress[id] = { match, next, recentMs, mode }
  }
  return {
    id: config.id,
    role: state.role,
    term: core.term,
    leader: core.leader,
    vote: core.vote,
    commit: core.commit,
    applied: core.applied,
    first: log.first,
    last: log.last,
    durable: log.durable,
    electionTimeoutMs: core.electionTimeoutMs,
    membership: core.members.current,
    membershipIndex: core.members.index,
    transferTo: state.role === 'leader' ? (state.transfer?.to ?? null) : null,
    isDiskStalled: core.isDiskStalled,
    progress,
  }
}
