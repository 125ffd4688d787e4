/** Availability in two ways: share of good requests, and share of good seconds. */
import type { OperationRecord } from '@shared/run/operation'
import type { Stretch } from './axis'
import type { Good } from './requests'

const SLICE_MS = 1_000
/** what a slice has to reach where no SLO states an objective */
const DEFAULT_OBJECTIVE = 0.99

/** SRE workbook ch. 2: good events / valid events. @returns null when nothing was asked */
export function requestAvailability(requests: readonly OperationRecord[], good: Good): number | null {
  return requests.length === 0 ? null : requests.filter(good).length / requests.length
}

/**
 * A slice of one second, counted from the start of the stretch, is good when its share of good requests reaches the
 * objective. A second in which nothing was asked is not valid and counts on neither side.
 *
 * @param objective 0…1; null = 0.99
 * @returns good slices / valid slices, null when no slice is valid
 */
export function sliceAvailability(
  requests: readonly OperationRecord[],
  good: Good,
  stretch: Stretch,
  objective: number | null,
): number | null {
  const slices = new Map<number, { asked: number; good: number }>()
  for (const request of requests) {
    const slice = Math.floor((request.intended_ns / 1e6 - stretch.fromMs) / SLICE_MS)
    const counts = slices.get(slice) ?? { asked: 0, good: 0 }
    counts.asked++
    if (good(request)) counts.good++
    slices.set(slice, counts)
  }
  if (slices.size === 0) return null
  const needed = objective ?? DEFAULT_OBJECTIVE
  return [...slices.values()].filter((counts) => counts.good / counts.asked >= needed).length / slices.size
}
