/** What a node's consensus core noticed or did, in plain English: the sentence behind the node's name. */
import type { RunEvent, RunEventKind } from '@shared/run/event'

type Of<K extends RunEventKind> = Extract<RunEvent, { kind: K }>
type CoreSays = Of<'suspected' | 'checked' | 'timeout-changed' | 'transfer' | 'membership' | 'disk-stalled' | 'snapshot'>

export function coreSentence(event: CoreSays): string {
  switch (event.kind) {
    case 'suspected':
      return `suspects leader ${event.leader}: it has been silent for ${ms(event.silentMs)}`
    case 'checked': {
      const found = event.isGone ? 'a majority does not hear it either' : 'others still hear it, or know more than this node'
      return `has asked the others about leader ${event.leader}: ${found}`
    }
    case 'timeout-changed': {
      const direction = event.toMs > event.fromMs ? 'longer' : 'less long'
      return `waits ${direction} for a leader, ${ms(event.toMs)} instead of ${ms(event.fromMs)} at least (${event.reason})`
    }
    case 'transfer':
      return transferSentence(event)
    case 'membership':
      return membershipSentence(event)
    case 'disk-stalled': {
      const outcome = event.wasLeader ? 'steps down' : 'does not campaign'
      return `${outcome} until its disk answers: a write has taken ${ms(event.silentMs)} so far`
    }
    case 'snapshot':
      return snapshotSentence(event)
  }
}

function transferSentence({ stage, to, term }: Of<'transfer'>): string {
  switch (stage) {
    case 'begun':
      return `hands leadership of term ${term} to ${to}`
    case 'done':
      return `has handed leadership to ${to}`
    case 'given-up':
      return `leads on in term ${term}: ${to} did not take over in time`
  }
}

function membershipSentence({ stage, index, voters, outgoing, learners }: Of<'membership'>): string {
  const without = learners.length === 0 ? '' : `; ${listed(learners)} without a vote`
  const counts = `votes of ${listed(voters)} count${without}`
  switch (stage) {
    case 'learner':
      return `has a learner more from entry ${index} on: ${counts}`
    case 'joint':
      return `is between two sets of members from entry ${index} on: a majority of ${listed(outgoing)} and one of ${listed(voters)} decide together${without}`
    case 'final':
      return `has new members from entry ${index} on: ${counts}`
    case 'forced':
      return `was told who votes, against its log, which ends at entry ${index}: ${counts}`
    case 'undone':
      return `takes a change of members back with entry ${index}: ${counts}`
  }
}

function snapshotSentence({ index, what }: Of<'snapshot'>): string {
  if (what === 'installed') return `stands at entry ${index} by its leader's snapshot`
  return `has made a snapshot up to entry ${index} (${what === 'full' ? 'everything' : 'what changed since the last'})`
}

const ms = (value: number): string => `${value.toFixed(0)} ms`

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
