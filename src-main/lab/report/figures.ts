/** How numbers are written for people: with their unit, no more digits than mean something, and a dash for "no value". */

export const NONE = '–'

/** 310 ms, 2.41 s, 1.42 ms */
export function duration(ms: number | null): string {
  if (ms === null) return NONE
  const size = Math.abs(ms)
  if (size >= 9_999.5) return `${(ms / 1000).toFixed(1)} s`
  if (size >= 999.5) return `${(ms / 1000).toFixed(2)} s`
  if (size >= 99.95 || size === Math.round(size)) return `${minus(Math.round(ms))} ms`
  return `${minus(Number(ms.toFixed(size >= 9.995 ? 1 : 2)))} ms`
}

/** A moment on the run's axis: seconds since load start. */
export function moment(ms: number | null): string {
  return ms === null ? NONE : `${minus(Number((ms / 1000).toFixed(2))).padStart(1)} s`
}

/** 99.31 %; never rounds up to a hundred what was not whole */
export function percentage(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined) return NONE
  const digits = ratio >= 0.9995 && ratio < 1 ? 4 : 2
  const floored = Math.floor(ratio * 100 * 10 ** digits + 1e-9) / 10 ** digits
  return ratio === 1 ? '100 %' : `${floored.toFixed(digits)} %`
}

/** 11,003 */
export function count(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : String(value)
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

const RATIOS = new Set(['availability', 'availability.slices'])
const COUNTS = new Set(['elections', 'lost_writes'])

/** What was observed for a metric, in the metric's own unit. */
export function observed(metric: string, value: number | string | null): string {
  if (value === null) return 'no value'
  if (typeof value === 'string') return value
  if (RATIOS.has(metric)) return percentage(value)
  return COUNTS.has(metric) ? count(value) : duration(value)
}

function minus(value: number): string {
  return value < 0 ? `−${-value}` : String(value)
}
