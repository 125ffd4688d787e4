/** Time series made to fit the drawing: never more points than it has columns, and no spike lost on the way. */
import type { Timeline } from '@shared/run/report'

export type Bins = Timeline['bins']

/**
 * Joins neighbouring bins until at most `columns` are left. Counts add up; of a ratio the worst and of a latency the
 * highest is kept, since a mean of percentiles is no percentile.
 */
export function fitted(bins: Bins, columns: number): { bins: Bins; joined: number } {
  const joined = Math.max(1, Math.ceil(bins.startMs.length / columns))
  if (joined === 1) return { bins, joined }
  const grouped = <T, R>(values: readonly T[], join: (group: T[]) => R): R[] =>
    Array.from({ length: Math.ceil(values.length / joined) }, (_, i) => join(values.slice(i * joined, (i + 1) * joined)))
  const sum = (group: number[]) => group.reduce((total, value) => total + value, 0)
  const known = (group: (number | null)[]) => group.filter((value) => value !== null)
  const highest = (group: (number | null)[]) => (known(group).length > 0 ? Math.max(...known(group)) : null)
  const lowest = (group: (number | null)[]) => (known(group).length > 0 ? Math.min(...known(group)) : null)
  return {
    joined,
    bins: {
      widthMs: bins.widthMs * joined,
      startMs: grouped(bins.startMs, ([first]) => first ?? 0),
      ok: grouped(bins.ok, sum),
      fail: grouped(bins.fail, sum),
      unknown: grouped(bins.unknown, sum),
      availability: grouped(bins.availability, lowest),
      p50: grouped(bins.p50, highest),
      p99: grouped(bins.p99, highest),
      max: grouped(bins.max, highest),
    },
  }
}

/** A step line; where there is no value there is no line. */
export function stepLine(values: readonly (number | null)[], x: (index: number) => number, y: (value: number) => number): string {
  let path = ''
  let isOpen = false
  values.forEach((value, i) => {
    if (value === null) {
      isOpen = false
      return
    }
    path += isOpen ? `V${at(y(value))}` : `M${at(x(i))} ${at(y(value))}`
    path += `H${at(x(i + 1))}`
    isOpen = true
  })
  return path
}

/** The stepped area between two series of equal length. */
export function stepArea(
  low: readonly number[],
  high: readonly number[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const top = high.map((value, i) => `${i === 0 ? 'M' : 'L'}${at(x(i))} ${at(y(value))}H${at(x(i + 1))}`)
  const bottom = low.map((value, i) => `L${at(x(i + 1))} ${at(y(value))}H${at(x(i))}`).toReversed()
  return high.length === 0 ? '' : `${top.join('')}${bottom.join('')}Z`
}

/** A tenth of a unit is finer than any screen: shorter files. */
export function at(coordinate: number): string {
  return String(Math.round(coordinate * 10) / 10)
}
