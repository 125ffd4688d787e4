/** The whole timeline as one SVG: everything on one axis, effective faults shaded through every chart. */
import { faultFamilies, type FaultFamily } from '@shared/plan/faults/fault'
import type { Timeline } from '@shared/run/report'
import { markup, type Markup } from '../markup'
import { at, fitted } from './bins'
import { frameOf, LEFT, RIGHT, WIDTH, within, type Frame } from './frame'
import { faultRows, leadershipRow, nodeRows, phaseRow } from './lanes'
import { availabilityRow, latencyRow, throughputRow } from './series'

/** @returns the drawing, and how many bins were joined into one column of it */
export function timelineSvg(timeline: Timeline): { svg: Markup; joined: number } {
  const frame = frameOf(timeline)
  const { bins, joined } = fitted(timeline.bins, RIGHT - LEFT)
  const rows = [
    phaseRow(frame),
    ...faultRows(frame),
    leadershipRow(frame),
    ...nodeRows(frame),
    throughputRow(frame, bins),
    availabilityRow(frame, bins),
    latencyRow(frame, bins),
  ]
  let top = 4
  let chartsTop: number | null = null
  const drawn = rows.map((row) => {
    if (row.isChart && chartsTop === null) {
      top += 10
      chartsTop = top
    }
    const part = row.draw(top)
    top += row.height
    return part
  })
  const bottom = top - 8
  const svg = markup`<svg class="timeline" viewBox="0 0 ${WIDTH} ${bottom + 24}" role="img" aria-label="${SUMMARY}">
<defs>
${faultFamilies.map((family) => hatch(family, ...HATCHES[family]))}
${hatch('paused', 5, 2, 0)}
${hatch('stale', 6, 2, 45)}
</defs>
${timeAxis(frame, bottom)}
${faultBands(frame, chartsTop ?? bottom, bottom)}
${drawn}
</svg>`
  return { svg, joined }
}

/** Size, ink and angle: families keep apart without their colours. */
const HATCHES: Record<FaultFamily, [number, number, number]> = {
  process: [6, 3, 45],
  network: [6, 3, -45],
  storage: [6, 3, 90],
  clock: [4, 2, 0],
  resource: [9, 3, 45],
  traffic: [9, 3, -45],
  operator: [9, 3, 90],
}

const SUMMARY = 'Faults, leadership, nodes, requests per second, availability and latency of the run on one time axis'

function hatch(name: string, size: number, ink: number, degrees: number): Markup {
  return markup`<pattern id="hatch-${name}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"
 patternTransform="rotate(${degrees})"><rect class="ground" width="${size}" height="${size}"/><rect class="ink" width="${ink}"
 height="${size}"/></pattern>`
}

function timeAxis({ x }: Frame, bottom: number): Markup {
  const ticks = x.ticks.map(
    (ms) => markup`<line class="grid" x1="${at(x(ms))}" x2="${at(x(ms))}" y1="4" y2="${bottom}"/>
<text class="time" x="${at(x(ms))}" y="${bottom + 16}">${ms / 1000} s</text>`,
  )
  return markup`${ticks}`
}

function faultBands(frame: Frame, top: number, bottom: number): Markup {
  const bands = frame.timeline.faults.flatMap(({ family, effective }) => {
    if (!effective) return []
    const [x0, x1] = [within(frame, effective[0]), within(frame, effective[1])]
    const width = at(Math.max(1, x1 - x0))
    return [markup`<rect class="band ${family}" x="${at(x0)}" y="${top}" width="${width}" height="${bottom - top}"/>`]
  })
  return markup`${bands}`
}
