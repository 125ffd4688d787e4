/** The bins of a result as points. A null is a gap; the last bin gets an end, so that its step has its width. */
import type { Timeline } from '@shared/run/report'
import type { Points } from './options'
import type { LatencyPoints, ThroughputPoints } from './rows'

type Bins = Timeline['bins']

/** as many bars as can be told apart over the width of a window */
const BARS_MAX = 150

/** @returns how many bins make one bar when `spanMs` is shown; counts can be added without losing any */
export function binsPerBar(bins: Bins, spanMs: number): number {
  return Math.max(1, Math.ceil(spanMs / bins.widthMs / BARS_MAX))
}

/** @param perBar bins summed into one bar; the last bar may hold fewer, and its rate is of those */
export function throughputPoints(bins: Bins, perBar: number): ThroughputPoints {
  const sums = (...columns: (readonly number[])[]): Points => {
    const points: [number, number][] = []
    for (let first = 0; first < bins.startMs.length; first += perBar) {
      const held = Math.min(perBar, bins.startMs.length - first)
      const requests = columns.reduce((sum, column) => sum + column.slice(first, first + held).reduce((a, b) => a + b, 0), 0)
      points.push([bins.startMs[first]!, (requests * 1000) / (held * bins.widthMs)])
    }
    const [last, end] = [points.at(-1), bins.startMs.at(-1)]
    if (last && end !== undefined) points.push([end + bins.widthMs, last[1]])
    return points
  }
  return { ok: sums(bins.ok), withFail: sums(bins.ok, bins.fail), withUnknown: sums(bins.ok, bins.fail, bins.unknown) }
}

export function latencyPoints(bins: Bins): LatencyPoints {
  const line = (column: readonly (number | null)[]): Points => stepped(bins, (i) => column[i] ?? Number.NaN)
  return { p50: line(bins.p50), p99: line(bins.p99), max: line(bins.max) }
}

export function availabilityPoints(bins: Bins): Points {
  return stepped(bins, (i) => bins.availability[i] ?? Number.NaN)
}

/** @returns index of the bin that covers `atMs`, or null */
export function binAt(bins: Bins, atMs: number): number | null {
  const index = bins.startMs.findLastIndex((start) => start <= atMs)
  return index >= 0 && atMs < bins.startMs[index]! + bins.widthMs ? index : null
}

function stepped(bins: Bins, value: (index: number) => number): Points {
  const points: [number, number][] = bins.startMs.map((start, i) => [start, value(i)])
  const last = points.at(-1)
  if (last) points.push([last[0] + bins.widthMs, last[1]])
  return points
}
