/** Ticks that people can read off: 1-2-5 steps for time and rates, 1-2-5 marks for logarithmic latency. */

/** Pixels left of the plot (row title, legend, axis labels) and right of it; the same for every lane and chart. */
export const GUTTER_PX = 152
export const RIGHT_PX = 12

const TIME_STEPS_MS = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000]
const TICKS_MAX = 60

/** @returns moments in ms, at least `gapPx` apart, all multiples of one step */
export function timeTicks(fromMs: number, toMs: number, widthPx: number, gapPx = 72): number[] {
  const wanted = Math.max(1, Math.min(TICKS_MAX, Math.floor(widthPx / gapPx)))
  const step = TIME_STEPS_MS.find((ms) => (toMs - fromMs) / ms <= wanted) ?? TIME_STEPS_MS.at(-1)!
  const ticks: number[] = []
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs && ticks.length <= TICKS_MAX; at += step) ticks.push(at === 0 ? 0 : at)
  return ticks
}

/** @returns "−5 s", "12.5 s", "1:30" */
export function timeLabel(ms: number): string {
  const sign = ms < 0 ? '−' : ''
  const size = Math.abs(ms)
  if (size >= 120_000) return `${sign}${Math.floor(size / 60_000)}:${String(Math.floor((size % 60_000) / 1000)).padStart(2, '0')}`
  return `${sign}${Number((size / 1000).toFixed(2))} s`
}

/** A rate axis from 0. @returns its end and about three ticks */
export function rateAxis(max: number): { max: number; ticks: number[] } {
  const top = Math.max(max, 1)
  const power = 10 ** Math.floor(Math.log10(top / 2))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => top / s <= 3) ?? 10 * power
  const end = Math.ceil(top / step) * step
  return { max: end, ticks: Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step) }
}

/** A logarithmic axis round what is there. @returns bounds on 1-2-5 marks and the marks, thinned to about `wanted` */
export function logAxis(min: number, max: number, wanted = 7): { min: number; max: number; ticks: number[] } {
  if (!(min > 0) || !(max > 0)) return { min: 1, max: 100, ticks: [1, 10, 100] }
  const marks: number[] = []
  for (let power = -3; power <= 7; power++) for (const m of [1, 2, 5]) marks.push(Number((m * 10 ** power).toPrecision(1)))
  const low = marks.findLastIndex((mark) => mark <= min)
  const found = marks.findIndex((mark) => mark >= max)
  const high = found < 0 ? marks.length - 1 : found
  const inside = marks.slice(Math.max(low, 0), Math.max(high, low + 1) + 1)
  const decades = inside.filter((mark) => Number.isInteger(Math.log10(mark)) || Math.abs(Math.log10(mark) % 1) < 1e-9)
  const ticks = inside.length <= wanted ? inside : decades.length >= 2 ? decades : [inside[0]!, inside.at(-1)!]
  return { min: inside[0]!, max: inside.at(-1)!, ticks }
}
