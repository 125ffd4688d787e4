/** What happens in plain English, one sentence an event: the live log, the terminal, and the log beside the charts. */
import { totalRatePerS } from '@shared/plan/loads'
import type { Plan } from '@shared/plan/plan'
import type { FaultSize, FaultStage, Role, RunEvent } from '@shared/run/event'
import type { Timeline } from '@shared/run/report'
import { sizeText } from '@shared/run/size'
import type { Axis } from './axis'
import { coreSentence } from './core-sentences'

type LogLine = Timeline['log'][number]

const LINES_MAX = 1_000

/** What nodes say over and over in a network that is bad for long. */
const CHATTER: ReadonlySet<RunEvent['kind']> = new Set(['role', 'campaign', 'truncated', 'suspected', 'checked', 'timeout-changed', 'snapshot'])

/**
 * Events worth reading, oldest first. When there are more than the bound, the chatter of the nodes (campaigns, changes
 * of role and of timeouts) is thinned out first, from the end; what the lab did and what went wrong stays.
 */
export function logLines(plan: Plan, events: readonly RunEvent[], axis: Axis): LogLine[] {
  const lines: LogLine[] = []
  for (const event of events) {
    const line = sentenceOf(event, plan)
    if (line !== null) lines.push({ atMs: Math.round(axis.toMs(event.atNs) * 1e3) / 1e3, kind: event.kind, ...line })
  }
  if (lines.length <= LINES_MAX) return lines
  const isChatter = ({ kind }: LogLine): boolean => CHATTER.has(kind)
  let room = LINES_MAX - lines.filter((line) => !isChatter(line)).length
  return lines.filter((line) => !isChatter(line) || room-- > 0).slice(0, LINES_MAX)
}

/** @returns who and what; null for what is not worth a line */
export function sentenceOf(event: RunEvent, plan: Plan): { source: string; text: string } | null {
  switch (event.kind) {
    case 'phase':
      return { source: 'lab', text: `Phase ${event.phase} begins.` }
    case 'load-start':
      return { source: 'load', text: `Load begins: ${totalRatePerS(plan)} requests a second.` }
    case 'load-end':
      return { source: 'load', text: 'Load ends.' }
    case 'node-started':
      return { source: event.node, text: `${event.node} is started (pid ${event.pid}).` }
    case 'node-ready':
      return { source: event.node, text: `${event.node} is ready: its log is replayed and it serves.` }
    case 'node-exited': {
      const how = event.signal !== null ? `ended by ${event.signal}` : `exited with code ${event.code ?? 'unknown'}`
      return { source: event.node, text: `${event.node} ${how}${event.expected ? '' : ', which nobody asked for'}.` }
    }
    case 'role':
      if (event.role === 'candidate') return null // its campaign says so
      return { source: event.node, text: roleSentence(event.node, event.role, event) }
    case 'campaign': {
      const round = event.pre ? 'asks whether it could win' : 'stands for election in'
      return { source: event.node, text: `${event.node} ${round} term ${event.term}${event.pre ? ' (PreVote)' : ''}.` }
    }
    case 'quorum-lost':
      return { source: event.node, text: `${event.node} steps down as leader of term ${event.term}: it heard from no quorum.` }
    case 'truncated': {
      const count = event.toIndex - event.fromIndex + 1
      const entries = count === 1 ? `entry ${event.fromIndex}` : `entries ${event.fromIndex} to ${event.toIndex}`
      return { source: event.node, text: `${event.node} gives up its uncommitted ${entries} for the log of term ${event.term}.` }
    }
    case 'suspected':
    case 'checked':
    case 'timeout-changed':
    case 'transfer':
    case 'membership':
    case 'disk-stalled':
    case 'snapshot':
      return { source: event.node, text: `${event.node} ${coreSentence(event)}.` }
    case 'fault':
      return { source: event.id, text: faultSentence(event) }
    case 'guard':
      return { source: 'guard', text: `Guard "${event.when}" acts (observed ${guardValue(event)}).` }
    case 'instrument':
      return { source: 'lab', text: event.what }
    case 'cleanup':
      return { source: 'cleanup', text: `Clean-up: ${event.what}: ${event.ok ? 'done' : 'FAILED'}${detailOf(event)}.` }
    case 'note':
      return { source: 'lab', text: event.text }
  }
}

function guardValue({ observed, unit = 'ratio' }: RunEvent & { kind: 'guard' }): string {
  switch (unit) {
    case 'ratio':
      return `${(observed * 100).toFixed(1)} %`
    case 'duration':
      return `${Number(observed.toPrecision(4))} ms`
    case 'count':
      return String(observed)
    case 'rate':
      return `${Number(observed.toPrecision(4))}/s`
  }
}

function roleSentence(node: string, role: Exclude<Role, 'candidate'>, { term, leader }: RunEvent & { kind: 'role' }): string {
  switch (role) {
    case 'leader':
      return `${node} is elected leader of term ${term}.`
    case 'follower':
      return leader === null || leader === node
        ? `${node} is a follower in term ${term} and knows no leader.`
        : `${node} follows ${leader} in term ${term}.`
    case 'learner':
      return `${node} is a learner in term ${term}.`
  }
}

function faultSentence(event: RunEvent & { kind: 'fault' }): string {
  const { id, fault, stage, targets } = event
  const where = targets.length === 0 ? '' : ` on ${targets.join(', ')}`
  const what = `${fault} ${id}`
  const sentences: Record<FaultStage, string> = {
    planned: `${capital(what)} is planned${where}`,
    requested: `${capital(what)} is requested${where}`,
    acknowledged: `${capital(what)} is in force${where}`,
    observed: `${capital(what)} is seen to act${where}`,
    measured: `${capital(what)} had this size: ${sizeOf(event)}`,
    'undo-requested': `The end of ${what} is requested`,
    undone: `${capital(what)} is undone`,
    'observed-gone': `${capital(what)} is seen to be gone`,
    failed: `${capital(what)} failed${where}`,
  }
  return `${sentences[stage]}${detailOf(event)}.`
}

function sizeOf({ size }: { size?: FaultSize }): string {
  if (!size) return 'not measured'
  return `${size.what}, ${sizeText(size)} (n = ${size.n})`
}

function detailOf({ detail }: { detail?: string }): string {
  return detail === undefined || detail === '' ? '' : ` (${detail.replace(/\.$/, '')})`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
