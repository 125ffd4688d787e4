/** The three charts every time stack has, as axis and series; Live and Result differ only in where the points come from. */
import type { Palette } from '../theme/palette'
import { logAxis, rateAxis } from './axis'
import type { ChartAxis, ChartSeries, Points } from './options'

export interface ThroughputPoints {
  ok: Points
  /** ok + fail */
  withFail: Points
  /** ok + fail + unknown */
  withUnknown: Points
}

/** Stacked areas: drawn from the tallest sum down, each opaque, so that what shows of a colour is its own share. */
export function throughputRow(points: ThroughputPoints, palette: Palette): { axis: ChartAxis; series: ChartSeries[] } {
  const { max, ticks } = rateAxis(Math.max(0, ...values(points.withUnknown)))
  return {
    axis: { kind: 'linear', min: 0, max, ticks, label: (value) => String(value) },
    series: [
      { id: 'unknown', colour: palette.unknown, points: points.withUnknown, area: true },
      { id: 'fail', colour: palette.fail, points: points.withFail, area: true },
      { id: 'ok', colour: palette.ok, points: points.ok, area: true },
    ],
  }
}

export interface LatencyPoints {
  p50: Points
  p99: Points
  max: Points
}

export function latencyRow(points: LatencyPoints, palette: Palette): { axis: ChartAxis; series: ChartSeries[] } {
  const all = [...values(points.p50), ...values(points.p99), ...values(points.max)].filter((value) => value > 0)
  const { min, max, ticks } = all.length > 0 ? logAxis(Math.min(...all), Math.max(...all)) : logAxis(0, 0)
  return {
    axis: { kind: 'log', min, max, ticks, label: latencyLabel },
    series: [
      { id: 'max', colour: palette.max, points: positive(points.max), width: 1, dashed: true },
      { id: 'p50', colour: palette.p50, points: positive(points.p50), width: 1.5 },
      { id: 'p99', colour: palette.p99, points: positive(points.p99), width: 1.25 },
    ],
  }
}

export function availabilityRow(points: Points, palette: Palette): { axis: ChartAxis; series: ChartSeries[] } {
  return {
    axis: { kind: 'linear', min: 0, max: 1, ticks: [0, 0.5, 1], label: (value) => `${Math.round(value * 100)} %` },
    series: [{ id: 'availability', colour: palette.availability, points, width: 1.5 }],
  }
}

function latencyLabel(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${Number(ms.toPrecision(2))} ms`
}

function values(points: Points): number[] {
  return points.map(([, value]) => value).filter((value) => Number.isFinite(value))
}

/** A logarithm of zero has no place on the axis: what is not above zero is a gap. */
function positive(points: Points): Points {
  return points.map(([at, value]) => [at, value > 0 ? value : Number.NaN] as const)
}
