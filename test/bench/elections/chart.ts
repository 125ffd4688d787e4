/** Ten small charts, one a setting: share of elections over by a time, the paper's beside ours. */
import { quantile } from '@shared/stats/quantiles'
import { logScale, linearScale } from '../../../src-main/lab/report/chart/scale'
import { markup, type Markup } from '../../../src-main/lab/report/markup'

export interface Curve {
  name: string
  className: 'paper' | 'stated' | 'fitted'
  /** ascending; only elections that ended */
  sortedMs: ArrayLike<number>
  /** elections that ended or were given up: the curve ends below 100 % where some were */
  trials: number
}

export interface Panel {
  title: string
  curves: readonly Curve[]
}

const COLUMNS = 5
const PANEL = { width: 208, height: 190, left: 34, right: 10, top: 26, bottom: 34 }
const LEGEND_HEIGHT = 34
/** Enough for a smooth line; every one of 1,000 points would make the file ten times as long. */
const POINTS = 120

const STYLE = `text{font:11px system-ui,-apple-system,'Segoe UI','Noto Sans',sans-serif;fill:#1a2027}
.ground{fill:#fff}.title{font-weight:600}.tick{font-size:10px;fill:#57616c}.end{text-anchor:end}.middle{text-anchor:middle}
.grid{stroke:#e9ecef}.line{fill:none;stroke-width:1.6}.paper{stroke:#22303e}.fitted{stroke:#2f55c4;stroke-dasharray:5 2}
.stated{stroke:#d9770f;stroke-dasharray:1.5 2}
@media (prefers-color-scheme:dark){text{fill:#e6e9ec}.ground{fill:#14171a}.tick{fill:#a3acb5}.grid{stroke:#262c32}
.paper{stroke:#dfe6ee}.fitted{stroke:#86a3f9}.stated{stroke:#e0903f}}`

/** @returns a whole SVG document */
export function chart(panels: readonly Panel[], title: string): string {
  const rows = Math.ceil(panels.length / COLUMNS)
  const width = COLUMNS * PANEL.width
  const height = rows * PANEL.height + LEGEND_HEIGHT
  const drawn = panels.map((panel, i) => drawPanel(panel, (i % COLUMNS) * PANEL.width, Math.floor(i / COLUMNS) * PANEL.height))
  const legend = (panels[0]?.curves ?? []).map(
    ({ name, className }, i) => markup`<path class="line ${className}" d="M${PANEL.left + i * 240} ${height - 18}h28"/>
<text x="${PANEL.left + 34 + i * 240}" y="${height - 14}">${name}</text>`,
  )
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${title}</title>
<style>${STYLE}</style>
<rect class="ground" width="${width}" height="${height}"/>
${drawn}
${legend}
</svg>
`.text
}

function drawPanel({ title, curves }: Panel, left: number, top: number): Markup {
  const ended = curves.filter(({ sortedMs }) => sortedMs.length > 0)
  const lowest = Math.min(...ended.map(({ sortedMs }) => sortedMs[0]!))
  const highest = Math.max(...ended.map(({ sortedMs }) => quantile(sortedMs, 0.995)!))
  const x = logScale([lowest * 0.9, highest * 1.1], left + PANEL.left, left + PANEL.width - PANEL.right)
  const y = linearScale([0, 100], top + PANEL.height - PANEL.bottom, top + PANEL.top, 2)
  const foot = y(0)
  const across = y.ticks.map(
    (share) => markup`<path class="grid" d="M${at(left + PANEL.left)} ${at(y(share))}H${at(left + PANEL.width - PANEL.right)}"/>
<text class="tick end" x="${at(left + PANEL.left - 4)}" y="${at(y(share) + 3.5)}">${share}</text>`,
  )
  const up = apart(x.ticks, x).map(
    (ms) => markup`<path class="grid" d="M${at(x(ms))} ${at(foot)}V${at(y(100))}"/>
<text class="tick middle" x="${at(x(ms))}" y="${at(foot + 14)}">${ms >= 1000 ? `${ms / 1000} s` : `${ms}`}</text>`,
  )
  const hasSilent = ended.length < curves.length
  const right = left + PANEL.width - PANEL.right
  const note = hasSilent && markup`<text class="tick end" x="${at(right - 4)}" y="${at(foot - 8)}">others: none</text>`
  const lines = curves.map((curve) => markup`<path class="line ${curve.className}" d="${path(curve, x, y)}"/>`)
  return markup`<text class="title" x="${at(left + PANEL.left)}" y="${at(top + 16)}">${title}</text>
<text class="tick end" x="${at(left + PANEL.width - PANEL.right)}" y="${at(top + 16)}">% over, by ms</text>
${across}
${up}
${lines}
${note || null}`
}

/** Ticks whose labels do not run into each other. */
function apart(ticks: readonly number[], x: (ms: number) => number): number[] {
  const kept: number[] = []
  for (const tick of ticks) if (kept.length === 0 || x(tick) - x(kept.at(-1)!) >= 30) kept.push(tick)
  return kept
}

function path({ sortedMs, trials }: Curve, x: (ms: number) => number, y: (share: number) => number): string {
  if (sortedMs.length === 0) return ''
  const points = Array.from({ length: POINTS + 1 }, (_, i) => {
    const rank = Math.min(sortedMs.length - 1, Math.round((i / POINTS) * (sortedMs.length - 1)))
    return `${at(x(sortedMs[rank]!))} ${at(y((100 * (rank + 1)) / trials))}`
  })
  return `M${points.join('L')}`
}

function at(coordinate: number): string {
  return String(Math.round(coordinate * 10) / 10)
}
