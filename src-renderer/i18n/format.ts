/** Numbers and moments as people read them. Absent values are a dash, never a zero. */
const ABSENT = '–'
const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const WHEN = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** @returns e.g. "0.42 ms", "38 ms", "1.24 s", "12.4 s", "2:05 min" */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return ABSENT
  const size = Math.abs(ms)
  if (size < 10) return `${trimmed(ms, 2)} ms`
  if (size < 999.5) return `${Math.round(ms)} ms`
  if (size < 9_995) return `${(ms / 1000).toFixed(2)} s`
  if (size < 99_950) return `${(ms / 1000).toFixed(1)} s`
  return clock(ms)
}

/** @returns m:ss, for what is longer than a glance */
export function clock(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  return `${ms < 0 ? '−' : ''}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** @returns seconds with a fixed number of places, so that running numbers do not jump */
export function seconds(ms: number | null | undefined, places = 1): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return ABSENT
  return `${(ms / 1000).toFixed(places)} s`.replace('-', '−')
}

/** A ratio as a percentage; cut, not rounded: 100 % is said only of all. */
export function percent(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return ABSENT
  if (ratio === 1) return '100 %'
  return `${(Math.floor(ratio * 10_000 + 1e-6) / 100).toFixed(2)} %`
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? ABSENT : COUNT.format(value)
}

/** @param iso ISO 8601 */
export function moment(iso: string): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? ABSENT : WHEN.format(at)
}

export function mebibytes(bytes: number): string {
  return COUNT.format(bytes / 2 ** 20)
}

function trimmed(value: number, places: number): string {
  return value.toFixed(places).replace(/\.?0+$/, '')
}
