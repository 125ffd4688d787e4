/** Lanes of states: phases, faults, who leads, and what each node was. */
import type { NodeState, Span, Timeline } from '@shared/run/report'
import { duration } from '../figures'
import { leadersDuring } from '../leaders'
import { markup, type Markup } from '../markup'
import { at } from './bins'
import { rowName, within, type Frame, type Row } from './frame'

const LANE = 20
/** about the width of a character of the labels */
const CHAR = 6.2

export function phaseRow(frame: Frame): Row {
  const draw = (top: number): Markup => {
    const phases = frame.timeline.phases.map(({ phase, fromMs, toMs }) => {
      const [x0, x1] = [within(frame, fromMs), within(frame, toMs)]
      const label = (x1 - x0) / CHAR > phase.length + 1 ? phase : ''
      return markup`<rect class="phase ${phase}" x="${at(x0)}" y="${top}" width="${at(x1 - x0)}" height="16"/>
<text class="in-phase" x="${at(x0 + 6)}" y="${top + 12}">${label}</text>`
    })
    return markup`${rowName('phase', top + 12)}${phases}`
  }
  return { height: LANE, isChart: false, draw }
}

export function faultRows(frame: Frame): Row[] {
  return frame.timeline.faults.map((fault) => ({ height: LANE, isChart: false, draw: (top) => faultLane(frame, fault, top) }))
}

/** A word, never only a colour, says what a fault is. */
function faultLane(frame: Frame, { id, fault, family, targets, planned, effective }: Timeline['faults'][number], top: number): Markup {
  const bar = (span: [number, number] | null, className: string, title: string) => {
    if (!span) return null
    const [x0, x1] = [within(frame, span[0]), within(frame, span[1])]
    return box(className, { x: x0, y: top + 3, width: Math.max(2, x1 - x0), height: 12 }, title)
  }
  const label = `${fault} ${targets.join(', ')}${effective ? '' : ' (never verified)'}`
  const ends = [planned, effective].flatMap((span) => (span ? [within(frame, span[1])] : []))
  const starts = [planned, effective].flatMap((span) => (span ? [within(frame, span[0])] : []))
  const after = Math.max(...ends, within(frame, frame.timeline.fromMs)) + 6
  const fits = after + label.length * CHAR < within(frame, frame.timeline.toMs)
  const x = fits ? after : Math.min(...starts) - 6
  return markup`${rowName(id, top + 13)}
${bar(effective, `effective ${family}`, `${label}: in effect`)}
${bar(planned, `planned ${family}`, `${label}: as planned`)}
<text class="beside${fits ? '' : ' before'}" x="${at(x)}" y="${top + 13}">${label}</text>`
}

export function leadershipRow(frame: Frame): Row {
  const draw = (top: number): Markup => {
    const spans = frame.timeline.leadership.map((span) => {
      const [x0, x1] = [within(frame, span.fromMs), within(frame, span.toMs)]
      const isLed = span.state === 'led'
      const words = isLed ? leadersDuring(frame.timeline, span) : `no leader ${duration(span.toMs - span.fromMs)}`
      const label = (x1 - x0) / CHAR > words.length + 1 ? words : ''
      const rect = isLed
        ? box('led', { x: x0, y: top + 14, width: x1 - x0, height: 2 }, words)
        : box('none', { x: x0, y: top + 2, width: Math.max(1.5, x1 - x0), height: 14 }, words)
      return markup`${rect}<text class="${isLed ? 'beside' : 'in-none'}" x="${at(x0 + 4)}" y="${top + 12}">${label}</text>`
    })
    return markup`${rowName('leader', top + 13)}${spans}`
  }
  return { height: LANE, isChart: false, draw }
}

export function nodeRows(frame: Frame): Row[] {
  return frame.timeline.nodes.map(({ id, spans }) => ({
    height: LANE,
    isChart: false,
    draw: (top) => markup`${rowName(id, top + 14)}${spans.map((span) => nodeSpan(frame, span, top))}`,
  }))
}

/** Told apart by thickness, outline and hatch as well as by colour. */
const THICKNESS: Record<NodeState, number> = {
  leader: 14,
  'stale-leader': 14,
  candidate: 14,
  follower: 6,
  learner: 6,
  paused: 10,
  down: 10,
}

/** Where the state matters more than the term. */
const WRITTEN: Partial<Record<NodeState, string>> = { down: '✕ down', paused: '‖ paused', 'stale-leader': 'stale' }

function nodeSpan(frame: Frame, { fromMs, toMs, state, label }: Span<NodeState>, top: number): Markup {
  const [x0, x1] = [within(frame, fromMs), within(frame, toMs)]
  const width = Math.max(1, x1 - x0)
  const height = THICKNESS[state]
  const title = [state.replace('-', ' '), label, duration(toMs - fromMs)].filter(Boolean).join(', ')
  const words = WRITTEN[state] ?? label ?? ''
  const isWritten = height >= 10 && width - 8 > words.length * CHAR
  return markup`${box(`state ${state}`, { x: x0, y: top + 10 - height / 2, width, height }, title)}
${isWritten ? markup`<text class="in-state ${state}" x="${at(x0 + 5)}" y="${top + 14}">${words}</text>` : null}`
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

function box(className: string, { x, y, width, height }: Box, title: string): Markup {
  const place = markup`x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${height}"`
  return markup`<rect class="${className}" ${place}><title>${title}</title></rect>`
}
