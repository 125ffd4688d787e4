/** The timeline of a result as lanes: what each bar is called, and what it says when pointed at. */
import type { NodeState, Timeline } from '@shared/run/report'
import { type FaultLane, faultLanes, type LaneSpan } from '../../charts/lane'

/** words of the catalogue, handed in so that this stays a pure function */
type Words = (key: string) => string

export interface Lanes {
  phases: LaneSpan[]
  faults: FaultLane[]
  nodes: { id: string; spans: LaneSpan[] }[]
  leadership: LaneSpan[]
}

/** states whose looks say enough; a text on them would only be noise */
const QUIET: readonly NodeState[] = ['follower', 'paused', 'down']

const FAULT_LANES_MAX = 12

export function lanesOf(timeline: Timeline, words: Words, span: (fromMs: number, toMs: number) => string): Lanes {
  return {
    phases: timeline.phases.map(({ phase, fromMs, toMs }) => {
      const label = words(`words.phase.${phase}`)
      return { key: phase, fromMs, toMs, look: 'phase', label, title: `${label}, ${span(fromMs, toMs)}` }
    }),
    faults: lanesOfFaults(timeline, span),
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

function lanesOfFaults({ faults }: Timeline, span: (fromMs: number, toMs: number) => string): FaultLane[] {
  const spans = faults.flatMap(({ id, fault, family, targets, effective }): LaneSpan[] => {
    if (!effective) return []
    const label = `${id} · ${fault} · ${targets.join(', ')}`
    return [{ key: id, fromMs: effective[0], toMs: effective[1], look: 'fault', family, label, shortLabel: id, title: `${label}, ${span(...effective)}` }]
  })
  const outlines = faults.flatMap(({ id, family, planned }) =>
    planned ? [{ key: id, family, fromMs: planned[0], toMs: planned[1], title: `${id}, ${span(...planned)}` }] : [],
  )
  return faultLanes(spans, outlines, FAULT_LANES_MAX)
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
