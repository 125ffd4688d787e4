/** The longest time without a good operation, as seen by somebody who keeps asking. */
import type { OperationRecord } from '@shared/run/operation'
import { type Stretch, lengthMs } from './axis'
import type { Good } from './requests'

/**
 * Longest gap between the intended times of consecutive good operations. The edges of the stretch count like good
 * operations: otherwise a service that never answered at all would show no gap.
 *
 * @returns ms, null when nothing was asked
 */
export function longestGapMs(requests: readonly OperationRecord[], good: Good, stretch: Stretch): number | null {
  if (requests.length === 0 || lengthMs(stretch) === 0) return null
  const goodMs = requests
    .filter(good)
    .map((request) => request.intended_ns / 1e6)
    .sort((a, b) => a - b)
  let longest = 0
  let previous = stretch.fromMs
  for (const at of [...goodMs, stretch.toMs]) {
    longest = Math.max(longest, at - previous)
    previous = at
  }
  return longest
}
