/**
 * A median and how far it can be trusted: the 95 % confidence interval between two order statistics (binomial with p = ½,
 * normal approximation). What a busy machine does to a few readings moves it little.
 */

export interface Median {
  median: number
  /** half of the interval between the two order statistics; null with fewer than six values, which have none */
  halfWidth: number | null
  n: number
}

const Z95 = 1.96
/** 1 − 2·0.5⁶ is the first above 95 % */
const VALUES_MIN = 6

/** @returns null without a value */
export function medianOf(values: readonly number[]): Median | null {
  const n = values.length
  if (n === 0) return null
  const sorted = Float64Array.from(values).sort()
  const median = (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2
  if (n < VALUES_MIN) return { median, halfWidth: null, n }
  const below = Math.max(1, Math.floor((n - Z95 * Math.sqrt(n)) / 2))
  return { median, halfWidth: (sorted[n - below]! - sorted[below - 1]!) / 2, n }
}
