/** Messages and events as a reader wants them: one line each, entries as `index/term`. */
import type { CoreEvent, Entry, Membership, Message } from '../../../src-main/raft/types'
import type { Parcel } from '../world/network'

export function printParcel(parcel: Parcel): string {
  return `${parcel.from}->${parcel.to} ${contents(parcel)}, term ${parcel.term}`
}

function contents(parcel: Parcel): string {
  switch (parcel.type) {
    case 'vote': {
      const wanted = `${parcel.pre ? 'PreVote' : 'vote'} wanted, log ends at ${parcel.lastIndex}/${parcel.lastTerm}`
      return parcel.transfer ? `${wanted}, for a transfer` : wanted
    }
    case 'voteReply':
      return `${parcel.pre ? 'PreVote' : 'vote'} ${parcel.granted ? 'granted' : 'refused'}`
    case 'append':
      return `${entries(parcel.entries)} after ${parcel.prevIndex}/${parcel.prevTerm}, commit ${parcel.commit}`
    case 'appendReply':
      return answer(parcel)
    case 'timeoutNow':
      return 'campaign now'
    case 'snapshot':
      return `snapshot up to ${parcel.meta.index}/${parcel.meta.term}`
  }
}

function answer({ accepted, match, round, conflictIndex, conflictTerm }: Extract<Message, { type: 'appendReply' }>): string {
  if (accepted) return `has up to ${match}`
  if (round === 0) return 'knows a newer term'
  return `refuses after ${match}, look at ${conflictIndex}${conflictTerm > 0 ? ` (term ${conflictTerm})` : ''}`
}

function entries(sent: readonly Entry[]): string {
  return sent.length === 0 ? 'heartbeat' : `append ${sent.map(({ index, term }) => `${index}/${term}`).join(' ')}`
}

/** @returns null for what this transcript doesn't tell: timers only if it is about them */
export function printEvent(event: CoreEvent, isAboutTimers: boolean): string | null {
  const isOfTimers = event.kind === 'suspected' || event.kind === 'checked' || event.kind === 'timeoutChanged'
  if (isOfTimers && !isAboutTimers) return null
  switch (event.kind) {
    case 'role':
      if (event.role === 'leader') return `leads term ${event.term}`
      if (event.role === 'candidate') return null // its campaign was told
      return event.leader === null ? `follower in term ${event.term}` : `follows ${event.leader} in term ${event.term}`
    case 'campaign':
      return event.pre ? `asks who would vote for it in term ${event.term}` : `campaigns for term ${event.term}`
    case 'quorumAck':
      return null
    case 'quorumLost':
      return `steps down, no quorum answered in term ${event.term}`
    case 'truncated':
      return `drops ${event.fromIndex === event.toIndex ? event.fromIndex : `${event.fromIndex}..${event.toIndex}`}`
    case 'suspected':
      return `suspects ${event.leader}, silent for ${Math.round(event.silentMs)} ms`
    case 'checked':
      return `checked ${event.leader}: ${event.isGone ? 'gone' : 'not gone'}`
    case 'timeoutChanged':
      return `shortest election timeout ${Math.round(event.fromMs)} -> ${Math.round(event.toMs)} ms, ${event.reason}`
    case 'transfer':
      return `transfer to ${event.to} ${event.stage}`
    case 'membership':
      return `members ${event.stage}: ${printMembership(event.membership)}`
    case 'diskStalled':
      return `its disk is silent for ${Math.round(event.silentMs)} ms, it ${event.wasLeader ? 'steps down' : 'will not campaign'}`
  }
}

export function printMembership({ voters, outgoing, learners, joining }: Membership): string {
  const sets = [voters.join(' ')]
  if (outgoing.length > 0) sets.push(`together with ${outgoing.join(' ')}`)
  if (learners.length > 0) sets.push(`learners ${learners.join(' ')}`)
  if (joining !== undefined) sets.push(`${joining} is joining`)
  return sets.join(', ')
}
