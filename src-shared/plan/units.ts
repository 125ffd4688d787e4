/**
 * Quantities as people write them: durations, sizes, rates, percentages. Reading refuses a bare number and says
 * what to write instead; formatting gives back a text that reads as the same number.
 */

export type Quantity = { ok: true; value: number } | { ok: false; message: string; suggestion: string | null }

/** One way of writing numbers with units; `scale` is how many of the result's unit one of these is. */
interface Scale {
  name: string
  /** canonical unit → [numerator, decimal exponent]: value × numerator × 10^exponent */
  units: Record<string, readonly [number, number]>
  /** what people write instead of a canonical unit */
  aliases: Record<string, string>
  /** the unit suggested for a number without one */
  usual: string
}

const durations: Scale = {
  name: 'a duration',
  units: { µs: [1, -3], ms: [1, 0], s: [1, 3], m: [60, 3], h: [3600, 3] },
  aliases: {
    us: 'µs', μs: 'µs', usec: 'µs', msec: 'ms', msecs: 'ms', millis: 'ms', millisecond: 'ms', milliseconds: 'ms',
    sec: 's', secs: 's', second: 's', seconds: 's', min: 'm', mins: 'm', minute: 'm', minutes: 'm', hour: 'h', hours: 'h', hr: 'h',
  },
  usual: 'ms',
}

const sizes: Scale = {
  name: 'a size',
  units: { B: [1, 0], KB: [1, 3], MB: [1, 6], KiB: [1024, 0], MiB: [1024 * 1024, 0] },
  aliases: { b: 'B', byte: 'B', bytes: 'B', kb: 'KB', k: 'KB', mb: 'MB', m: 'MB', kib: 'KiB', mib: 'MiB' },
  usual: 'B',
}

const rates: Scale = {
  name: 'a rate',
  units: { '/s': [1, 0], '/min': [1 / 60, 0] },
  aliases: { '/sec': '/s', '/second': '/s', 'per second': '/s', ps: '/s', rps: '/s', '/m': '/min', '/minute': '/min', 'per minute': '/min' },
  usual: '/s',
}

const throughputs: Scale = {
  name: 'bytes a second',
  units: { 'B/s': [1, 0], 'KB/s': [1, 3], 'MB/s': [1, 6] },
  aliases: { 'b/s': 'B/s', 'kb/s': 'KB/s', kb: 'KB/s', k: 'KB/s', 'mb/s': 'MB/s', mb: 'MB/s', m: 'MB/s' },
  usual: 'KB/s',
}

const percentages: Scale = {
  name: 'a percentage',
  units: { '%': [1, -2] },
  aliases: { percent: '%', pct: '%' },
  usual: '%',
}

/** @returns milliseconds, with a resolution of a nanosecond */
export const parseDuration = (text: string, usual = durations.usual): Quantity => parse(text, { ...durations, usual })
/** @returns bytes */
export const parseSize = (text: string): Quantity => parse(text, sizes)
/** @returns events per second */
export const parseRate = (text: string): Quantity => parse(text, rates)
/** @returns bytes per second; 1 KB = 1000 B */
export const parseThroughput = (text: string): Quantity => parse(text, throughputs)
/** @returns a ratio: `99%` is 0.99 */
export const parsePercentage = (text: string): Quantity => parse(text, percentages)

/** Longest unit that needs no more digits than milliseconds would: 1500 → `1500ms`, 2000 → `2s`, 120000 → `2m`. */
export function formatDuration(ms: number): string {
  if (ms !== 0 && Math.abs(ms) < 1) return `${plain(shift(ms, 3))}µs`
  if (ms === 0 || ms % 1000 !== 0) return `${plain(ms)}ms`
  if (ms % 3_600_000 === 0) return `${plain(ms / 3_600_000)}h`
  return ms % 60_000 === 0 ? `${plain(ms / 60_000)}m` : `${plain(ms / 1000)}s`
}

export function formatSize(bytes: number): string {
  if (bytes === 0) return '0B'
  for (const unit of ['MiB', 'MB', 'KiB', 'KB'] as const) {
    const [factor, exponent] = sizes.units[unit]!
    const scale = factor * 10 ** exponent
    if (bytes % scale === 0) return `${plain(bytes / scale)}${unit}`
  }
  return `${plain(bytes)}B`
}

/** Per second where that is a short number, else per minute: 200 → `200/s`, 1/6 → `10/min`. */
export function formatRate(perS: number): string {
  const perMinute = tidy(perS * 60)
  return Number.isInteger(tidy(perS * 1000)) || !Number.isInteger(perMinute) ? `${plain(perS)}/s` : `${plain(perMinute)}/min`
}

export function formatThroughput(bytesPerS: number): string {
  if (bytesPerS !== 0 && bytesPerS % 1e6 === 0) return `${plain(bytesPerS / 1e6)}MB/s`
  return bytesPerS !== 0 && bytesPerS % 1e3 === 0 ? `${plain(bytesPerS / 1e3)}KB/s` : `${plain(bytesPerS)}B/s`
}

export const formatPercentage = (ratio: number): string => `${plain(shift(ratio, 2))}%`

function parse(text: string, scale: Scale): Quantity {
  const trimmed = text.trim()
  const match = /^(-?\d+(?:\.\d+)?)([^\d\s].*)?$/.exec(trimmed)
  if (!match) return refusal(text, scale, loose(trimmed, scale))
  const [, digits = '', unit = ''] = match
  if (unit === '') {
    return { ok: false, message: `"${text}" has no unit: ${scale.name} is written like ${digits}${scale.usual}`, suggestion: `${digits}${scale.usual}` }
  }
  const known = Object.hasOwn(scale.units, unit) ? scale.units[unit] : undefined
  if (!known) return refusal(text, scale, loose(trimmed, scale))
  const value = scaled(digits, known)
  return Number.isFinite(value) ? { ok: true, value } : refusal(text, scale, null)
}

function refusal(text: string, scale: Scale, suggestion: string | null): Quantity {
  const units = Object.keys(scale.units).join(', ')
  return { ok: false, message: `"${text}" is not ${scale.name} (a number and one of ${units}, e.g. 5${scale.usual})`, suggestion }
}

/** What was probably meant: spaces, capitals and long names of units put right. */
function loose(text: string, scale: Scale): string | null {
  const match = /^(-?\d+(?:\.\d+)?)\s*([^\d\s].*)$/.exec(text.replace(',', '.'))
  if (!match) return null
  const [, digits = '', written = ''] = match
  const unit = written.trim()
  if (Object.hasOwn(scale.units, unit)) return `${digits}${unit}`
  const lower = unit.toLowerCase()
  const canonical = Object.hasOwn(scale.aliases, lower)
    ? scale.aliases[lower]
    : Object.keys(scale.units).find((name) => name.toLowerCase() === lower)
  return canonical === undefined ? null : `${digits}${canonical}`
}

/** Powers of ten move the decimal point in the text, so that 99.9% is the double nearest to 0.999 and not a product's. */
function scaled(digits: string, [factor, exponent]: readonly [number, number]): number {
  const value = Number(`${digits}e${exponent}`)
  return factor === 1 ? value : tidy(value * factor)
}

function shift(value: number, places: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e')
  return Number(`${mantissa}e${Number(exponent) + places}`)
}

const tidy = (value: number): number => Number(value.toPrecision(14))

/** Digits without an exponent: what `parse` reads. */
function plain(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text
}
