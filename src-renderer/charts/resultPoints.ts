/** The bins of a result as points. A null is a gap; the last bin gets an end, so that its step has its width. */
import type { Timeline } from '@shared/run/report'
import type { Points } from './options'
import type { LatencyPoints, ThroughputPoints } from './rows'

type Bins = Timeline['bins']

export function throughputPoints(bins: Bins): ThroughputPoints {
  const perS = 1000 / bins.widthMs
  const sums = (...columns: (readonly number[])[]): Points =>
    stepped(bins, (i) => columns.reduce((sum, column) => sum + (column[i] ?? 0), 0) * perS)
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
