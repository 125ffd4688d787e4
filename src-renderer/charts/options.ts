/**
 * What one row of a time stack looks like to ECharts: axes without an x label (the stack draws one time axis for all),
 * step lines, no symbols, no animation.
 */
import type { Palette } from '../theme/palette'
import { GUTTER_PX, RIGHT_PX, timeTicks } from './axis'
import type { EChartsCoreOption } from './echarts'

export type Points = readonly (readonly [number, number])[]

export interface ChartSeries {
  id: string
  colour: string
  points: Points
  /** fills down to the axis */
  area?: boolean
  width?: number
  dashed?: boolean
}

export interface ChartAxis {
  kind: 'linear' | 'log'
  min: number
  max: number
  ticks: readonly number[]
  label: (value: number) => string
}

export interface ChartView {
  fromMs: number
  toMs: number
  widthPx: number
}

const TOP_PX = 8
const BOTTOM_PX = 8

/** Grid, axes and the styles of the series, without data. */
export function frameOption(axis: ChartAxis, view: ChartView, palette: Palette): EChartsCoreOption {
  return {
    animation: false,
    aria: { enabled: false }, // the row describes itself in words
    grid: { left: GUTTER_PX, right: RIGHT_PX, top: TOP_PX, bottom: BOTTOM_PX, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: view.fromMs,
      max: view.toMs,
      axisLabel: { show: false },
      axisTick: { show: false, customValues: timeTicks(view.fromMs, view.toMs, view.widthPx) },
      axisLine: { show: true, onZero: false, lineStyle: { color: palette.line } },
      splitLine: { show: true, lineStyle: { color: palette.grid } },
    },
    yAxis: {
      type: axis.kind === 'log' ? 'log' : 'value',
      min: axis.min,
      max: axis.max,
      axisLabel: {
        customValues: [...axis.ticks],
        formatter: axis.label,
        color: palette.textSoft,
        fontSize: 11,
        fontFamily: palette.font,
        margin: 6,
        hideOverlap: true,
      },
      axisTick: { show: false, customValues: [...axis.ticks] },
      axisLine: { show: false },
      minorTick: { show: false },
      splitLine: { show: true, lineStyle: { color: palette.grid } },
    },
  }
}

export function seriesOption(series: readonly ChartSeries[]): EChartsCoreOption {
  return {
    series: series.map((one, order) => ({
      id: one.id,
      type: 'line',
      step: 'end',
      data: one.points,
      z: 2 + order,
      showSymbol: false,
      symbol: 'none',
      connectNulls: false,
      clip: true,
      silent: true,
      animation: false,
      emphasis: { disabled: true },
      lineStyle: { color: one.colour, width: one.width ?? (one.area ? 0 : 1.25), type: one.dashed ? [2, 2] : 'solid' },
      itemStyle: { color: one.colour },
      ...(one.area ? { areaStyle: { color: one.colour, opacity: 1 } } : {}),
    })),
  }
}
