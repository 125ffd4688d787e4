/** A mean and how far it can be trusted: its 95 % confidence interval by Student's t (readings taken as independent). */

export interface Mean {
  mean: number
  /** half width of the interval; null with fewer than two values */
  halfWidth: number | null
  n: number
}

/** Two-sided 95 % quantiles of Student's t for 1 … 30 degrees of freedom. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086,
  2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]
/** Of the normal distribution, which t comes close to. */
const Z95 = 1.96

/** @returns null without a value */
export function meanOf(values: readonly number[]): Mean | null {
  const n = values.length
  if (n === 0) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n === 1) return { mean, halfWidth: null, n }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  return { mean, halfWidth: t95(n - 1) * Math.sqrt(variance / n), n }
}

/** Cornish-Fisher's first term beyond the table: within 0.1 % of it. */
function t95(degrees: number): number {
  return T95[degrees - 1] ?? Z95 + (Z95 ** 3 + Z95) / (4 * degrees)
}
