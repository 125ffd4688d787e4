/** The timeline of a result as lanes: what each bar is called, and what it says when pointed at. */
import type { NodeState, Timeline } from '@shared/run/report'
import { faultLook, type LaneSpan } from '../../charts/lane'

/** words of the catalogue, handed in so that this stays a pure function */
type Words = (key: string) => string

export interface Lanes {
  phases: LaneSpan[]
  faults: LaneSpan[]
  planned: { key: string; fromMs: number; toMs: number; title: string }[]
  nodes: { id: string; spans: LaneSpan[] }[]
  leadership: LaneSpan[]
}

/** states whose looks say enough; a text on them would only be noise */
const QUIET: readonly NodeState[] = ['follower', 'paused', 'down']

export function lanesOf(timeline: Timeline, words: Words, span: (fromMs: number, toMs: number) => string): Lanes {
  return {
    phases: timeline.phases.map(({ phase, fromMs, toMs }) => {
      const label = words(`words.phase.${phase}`)
      return { key: phase, fromMs, toMs, look: 'phase', label, title: `${label}, ${span(fromMs, toMs)}` }
    }),
    faults: timeline.faults.flatMap(({ id, fault, targets, effective }) => {
      if (!effective) return []
      const label = `${id} · ${targets.join(', ')}`
      const title = `${words(`words.fault.${fault}`)} ${label}, ${span(...effective)}`
      return [{ key: id, fromMs: effective[0], toMs: effective[1], look: faultLook(fault), label, shortLabel: id, title }]
    }),
    planned: timeline.faults.flatMap(({ id, planned }) =>
      planned ? [{ key: id, fromMs: planned[0], toMs: planned[1], title: `${id}, ${span(...planned)}` }] : [],
    ),
    nodes: timeline.nodes.map(({ id, spans }) => ({
      id,
      spans: spans.map(({ fromMs, toMs, state, label }, i) => {
        const role = words(`words.role.${state}`)
        const shown = QUIET.includes(state) ? '' : (label ?? role)
        const title = `${id} ${role}${label ? `, ${label}` : ''}, ${span(fromMs, toMs)}`
        return { key: `${i}`, fromMs, toMs, look: state, label: shown, title }
      }),
    })),
    leadership: timeline.leadership.map(({ fromMs, toMs, state, label }, i) => {
      const text = state === 'led' ? (label ?? leaderOf(timeline, fromMs, toMs)) : words('result.lanes.none')
      return { key: `${i}`, fromMs, toMs, look: state, label: text, title: `${text}, ${span(fromMs, toMs)}` }
    }),
  }
}

/** @returns the node whose lane says "leader" longest in this stretch; a new leader shows itself before a quorum acknowledges it */
export function leaderOf({ nodes }: Timeline, fromMs: number, toMs: number): string {
  const led = nodes.map(({ id, spans }) => {
    const leading = spans.filter(({ state }) => state === 'leader')
    return { id, ms: leading.reduce((sum, span) => sum + Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs)), 0) }
  })
  const longest = led.sort((a, b) => b.ms - a.ms)[0]
  return longest && longest.ms > 0 ? longest.id : ''
}
