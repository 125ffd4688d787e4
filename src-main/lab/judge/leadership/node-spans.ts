/** What each node was at every moment: role and term by its own word, down and paused by the lab's. */
import type { Plan } from '@shared/plan/plan'
import type { Role, RunEvent } from '@shared/run/event'
import type { NodeState, Span } from '@shared/run/report'
import type { Axis } from '../axis'

/** A stretch in which nothing about a node changed. */
export interface NodeSpan {
  node: string
  fromMs: number
  toMs: number
  /** null while there is no process, or before the first word of it */
  role: Role | null
  term: number | null
  isDown: boolean
  /** a stopped process says nothing to anybody: it claims nothing until it goes on, whatever it last said */
  isPaused: boolean
}

interface Known {
  role: Role | null
  term: number | null
  isDown: boolean
  isPaused: boolean
}

/** @returns for every node of the plan its spans from −∞'s first event to `endMs`, in order, without gaps */
export function nodeSpans(plan: Plan, events: readonly RunEvent[], axis: Axis, endMs: number): NodeSpan[] {
  return plan.cluster.nodes.flatMap(({ id }) => spansOf(id, events, axis, endMs))
}

function spansOf(node: string, events: readonly RunEvent[], axis: Axis, endMs: number): NodeSpan[] {
  const spans: NodeSpan[] = []
  let known: Known = { role: null, term: null, isDown: true, isPaused: false }
  let fromMs = Math.min(0, events[0] === undefined ? 0 : axis.toMs(events[0].atNs))
  for (const event of events) {
    const next = learn(known, node, event)
    if (next === known) continue
    const atMs = Math.min(axis.toMs(event.atNs), endMs)
    if (atMs > fromMs) spans.push({ node, fromMs, toMs: atMs, ...known })
    fromMs = Math.max(fromMs, atMs)
    known = next
  }
  if (endMs > fromMs) spans.push({ node, fromMs, toMs: endMs, ...known })
  return spans
}

/** @returns the same object when the event says nothing new about the node */
function learn(known: Known, node: string, event: RunEvent): Known {
  switch (event.kind) {
    case 'node-started':
      return event.node === node ? { role: 'follower', term: known.term, isDown: false, isPaused: false } : known
    case 'node-exited':
      return event.node === node ? { role: null, term: known.term, isDown: true, isPaused: false } : known
    case 'role':
      // A word that was on its way when the process died does not bring it back.
      return event.node === node && !known.isDown ? { ...known, role: event.role, term: event.term } : known
    case 'fault': {
      if (event.fault !== 'pause' || !event.targets.includes(node) || known.isDown) return known
      const pauses = event.stage === 'acknowledged' || event.stage === 'observed'
      const resumes = event.stage === 'undone' || event.stage === 'observed-gone'
      return (pauses && !known.isPaused) || (resumes && known.isPaused) ? { ...known, isPaused: pauses } : known
    }
    default:
      return known
  }
}

export function claimsLeadership(span: NodeSpan): boolean {
  return span.role === 'leader' && !span.isDown && !span.isPaused
}

/**
 * Spans as lanes show them. Who still claims to lead in a term older than the newest leader's is a stale leader from
 * the moment the newer one stood up: at no moment does a lane show two current leaders.
 */
export function laneSpans(node: string, spans: readonly NodeSpan[], fromMs: number): Span<NodeState>[] {
  const leaders = spans.filter((span) => span.role === 'leader' && span.term !== null)
  const lane: Span<NodeState>[] = []
  for (const span of spans) {
    if (span.node !== node || span.toMs <= fromMs) continue
    const label = span.term === null ? undefined : `term ${span.term}`
    const newerFromMs = Math.min(...leaders.filter((other) => other.term! > (span.term ?? Infinity)).map((other) => other.fromMs))
    const add = (from: number, to: number, state: NodeState): void => {
      if (to <= Math.max(from, fromMs)) return
      const previous = lane.at(-1)
      if (previous?.state === state && previous.label === label) previous.toMs = to
      else lane.push({ fromMs: Math.max(from, fromMs), toMs: to, state, ...(label === undefined ? {} : { label }) })
    }
    if (!claimsLeadership(span))
      add(span.fromMs, span.toMs, span.isDown ? 'down' : span.isPaused ? 'paused' : (span.role ?? 'follower'))
    else {
      add(span.fromMs, Math.min(span.toMs, newerFromMs), 'leader')
      add(Math.max(span.fromMs, newerFromMs), span.toMs, 'stale-leader')
    }
  }
  return lane
}
