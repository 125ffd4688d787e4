/** One plain sentence an event, for the live log and the terminal; null for what nobody wants to read. */
import type { RunEvent } from '@shared/run/event'

export function narrate(event: RunEvent): string | null {
  switch (event.kind) {
    case 'phase':
      return `phase ${event.phase}`
    case 'load-start':
      return 'load starts'
    case 'load-end':
      return 'load ends'
    case 'node-started':
      return `process started (pid ${event.pid})`
    case 'node-ready':
      return 'log replayed, serving'
    case 'node-exited':
      return `process ended (${event.signal ?? `code ${event.code}`})${event.expected ? '' : ' unexpectedly'}`
    case 'role':
      return event.role === 'leader' ? `leads term ${event.term}` : event.role === 'candidate' ? null : `follows ${event.leader ?? 'nobody'} in term ${event.term}`
    case 'campaign':
      return event.pre ? `asks for pre-votes for term ${event.term}` : `campaigns for term ${event.term}`
    case 'quorum-lost':
      return `heard from no quorum, steps down in term ${event.term}`
    case 'truncated':
      return `uncommitted entries ${event.fromIndex}–${event.toIndex} overwritten by term ${event.term}`
    case 'fault':
      return faultSentence(event)
    case 'guard':
      return `guard "${event.when}" stops the run (observed ${event.observed.toFixed(3)})`
    case 'instrument':
      return event.what
    case 'cleanup':
      return `${event.ok ? '✓' : '✗'} ${event.what}${event.detail ? `: ${event.detail}` : ''}`
    case 'note':
      return event.text
  }
}

function faultSentence(event: Extract<RunEvent, { kind: 'fault' }>): string | null {
  const what = `${event.fault} ${event.id} on ${event.targets.join(', ')}`
  const detail = event.detail ? `: ${event.detail}` : ''
  switch (event.stage) {
    case 'requested':
      return `${what} requested`
    case 'observed':
      return `${what} is there${detail}`
    case 'undone':
      return `${what} undone`
    case 'observed-gone':
      return `${what} is gone${detail}`
    case 'failed':
      return `${what} failed${detail}`
    case 'planned':
    case 'acknowledged':
    case 'undo-requested':
      return null
  }
}
