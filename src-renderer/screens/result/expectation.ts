/** How an expectation's metric and its observed value are written. */
import type { ExpectationResult } from '@shared/run/report'
import { count, duration, percent } from '../../i18n/format'

const RATIOS = ['availability', 'slo']
const COUNTS = ['elections', 'lost_writes']

/** @returns the value in the metric's own unit: a ratio as %, a time as ms or s, a count, or the word; null stays null */
export function observedText({ metric, observed }: Pick<ExpectationResult, 'metric' | 'observed'>): string | null {
  if (observed === null || typeof observed === 'string') return observed
  const family = metric.split('.')[0] ?? metric
  if (RATIOS.includes(family)) return percent(observed)
  return COUNTS.includes(family) ? count(observed) : duration(observed)
}
