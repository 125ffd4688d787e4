/** The charts below the lanes: requests per second, availability, latency. Units on every axis, rates from zero. */
import { markup, type Markup } from '../markup'
import { at, stepArea, stepLine, type Bins } from './bins'
import { LEFT, RIGHT, rowName, type Frame, type Row } from './frame'
import { linearScale, logScale, niceFloor, niceStep, type Scale } from './scale'

const GAP = 16

export function throughputRow(frame: Frame, bins: Bins): Row {
  const perSecond = (values: readonly number[]) => values.map((value) => (value * 1000) / bins.widthMs)
  const [ok, fail, unknown] = [perSecond(bins.ok), perSecond(bins.fail), perSecond(bins.unknown)]
  const withFail = ok.map((value, i) => value + (fail[i] ?? 0))
  const all = withFail.map((value, i) => value + (unknown[i] ?? 0))
  const height = 110
  const highest = Math.max(1, ...all)
  const top = niceStep(highest / 4) * Math.ceil(highest / niceStep(highest / 4) - 1e-9)
  const draw = (start: number): Markup => {
    const y = linearScale([0, top], start + height, start, 4)
    const x = columns(frame, bins)
    const zero = ok.map(() => 0)
    return markup`${axis(y, ['requests', 'per second'], (tick) => tick.toLocaleString('en'), start)}
<path class="ok" d="${stepArea(zero, ok, x, y)}"/>
<path class="fail" d="${stepArea(ok, withFail, x, y)}"/>
<path class="unknown" d="${stepArea(withFail, all, x, y)}"/>`
  }
  return { height: height + GAP, isChart: true, draw }
}

export function availabilityRow(frame: Frame, bins: Bins): Row {
  const height = 60
  const draw = (start: number): Markup => {
    const y = linearScale([0, 1], start + height, start, 2)
    return markup`${axis(y, ['availability', '%'], (tick) => String(tick * 100), start)}
<path class="line availability" d="${stepLine(bins.availability, columns(frame, bins), y)}"/>`
  }
  return { height: height + GAP, isChart: true, draw }
}

export function latencyRow(frame: Frame, bins: Bins): Row {
  const height = 156
  const known = [...bins.p50, ...bins.max].filter((value) => value !== null && value > 0) as number[]
  const lowest = known.reduce((least, value) => Math.min(least, value), Infinity)
  const highest = known.reduce((most, value) => Math.max(most, value), 0)
  const domain: [number, number] = known.length > 0 ? [niceFloor(lowest), niceStep(highest)] : [1, 10]
  if (domain[0] === domain[1]) domain[1] *= 10
  const draw = (start: number): Markup => {
    const y = logScale(domain, start + height, start)
    const x = columns(frame, bins)
    const label = (ms: number) => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`)
    return markup`${axis(y, ['latency', 'log'], label, start)}
<path class="line max" d="${stepLine(bins.max, x, y)}"/>
<path class="line p99" d="${stepLine(bins.p99, x, y)}"/>
<path class="line p50" d="${stepLine(bins.p50, x, y)}"/>`
  }
  return { height: height + GAP, isChart: true, draw }
}

/** Left edge of bin i; index `length` is the right edge of the last, cut at the end of the axis. */
function columns({ timeline, x }: Frame, bins: Bins): (index: number) => number {
  const first = bins.startMs[0] ?? 0
  return (index) => {
    const startMs = bins.startMs[index] ?? (bins.startMs.at(-1) ?? first) + bins.widthMs
    return x(Math.min(timeline.toMs, Math.max(timeline.fromMs, startMs)))
  }
}

function axis(y: Scale, names: readonly [string, string], label: (tick: number) => string, start: number): Markup {
  const ticks = y.ticks.map(
    (tick) => markup`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>
<text class="tick" x="${LEFT - 6}" y="${at(y(tick) + 3.5)}">${label(tick)}</text>`,
  )
  return markup`${rowName(names[0], start + 10, 'far')}${rowName(names[1], start + 24, 'far unit')}${ticks}`
}
