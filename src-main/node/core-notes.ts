/** What happens in the core and has no kind of its own among a run's events, as a note in words. */
import type { CoreEvent } from '../raft/types'

type Noted = Exclude<CoreEvent, { kind: 'role' | 'campaign' | 'truncated' | 'quorumAck' | 'quorumLost' }>

export function noteOf(event: Noted): { level: 'info' | 'warning'; text: string } {
  switch (event.kind) {
    case 'suspected':
      return { level: 'info', text: `suspects leader ${event.leader}, silent for ${event.silentMs.toFixed(0)} ms` }
    case 'checked': {
      const found = event.isGone ? 'a majority does not hear it either' : 'others still hear it, or this log is too old'
      return { level: 'info', text: `checked leader ${event.leader}: ${found}` }
    }
    case 'timeoutChanged':
      return { level: 'info', text: `election timeout ${event.fromMs.toFixed(0)} → ${event.toMs.toFixed(0)} ms: ${event.reason}` }
    case 'transfer':
      return { level: event.stage === 'given-up' ? 'warning' : 'info', text: `transfer of leadership to ${event.to} ${event.stage}` }
    case 'membership': {
      const { voters, outgoing, learners } = event.membership
      const sets = [`voters ${voters.join(' ')}`]
      if (outgoing.length > 0) sets.push(`together with ${outgoing.join(' ')}`)
      if (learners.length > 0) sets.push(`learners ${learners.join(' ')}`)
      return { level: event.stage === 'undone' ? 'warning' : 'info', text: `membership ${event.stage}: ${sets.join(', ')}` }
    }
    case 'diskStalled': {
      const outcome = event.wasLeader ? 'steps down' : 'does not campaign'
      return { level: 'warning', text: `its disk has not answered for ${event.silentMs.toFixed(0)} ms: ${outcome} until it does` }
    }
  }
}
