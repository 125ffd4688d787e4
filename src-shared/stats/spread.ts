/** Middle and spread that a few outliers can't move: median and median absolute deviation. */
import { ascending } from './quantiles'

/** @returns the middle value, of an even number the mean of the two middle ones; null when there is none */
export function median(values: Iterable<number>): number | null {
  const sorted = ascending(values)
  if (sorted.length === 0) return null
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** @returns median of |value − median|, not scaled to a normal distribution; null when there is no value */
export function medianAbsoluteDeviation(values: readonly number[]): number | null {
  const middle = median(values)
  return middle === null ? null : median(values.map((value) => Math.abs(value - middle)))
}
