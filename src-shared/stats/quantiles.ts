/**
 * Exact quantiles of a complete set of values, by nearest rank (Hyndman & Fan's definition 1): the smallest value
 * that at least a share q of all values does not exceed. It is always a value that was measured, and the same
 * definition as HdrHistogram's, so that exact and histogram figures differ by the bucket width only.
 */

/** @returns a copy in ascending order */
export function ascending(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort()
}

/**
 * @param sorted ascending
 * @param q 0…1
 * @returns null when there is no value
 */
export function quantile(sorted: ArrayLike<number>, q: number): number | null {
  if (sorted.length === 0) return null
  // 0.99 × 100 is 99.00000000000001 in binary: without the correction the rank would be one too high
  const rank = Math.ceil(q * sorted.length - 1e-9)
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]!
}
