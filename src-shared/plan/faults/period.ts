/** Faults that come and go by themselves while they last: when their periods begin. */

/** more would be a schedule that nobody can read */
export const PERIODS_MAX = 500

/** @returns the start of each period within the fault, in ms since its begin; the first is 0 */
export function periodsOf(periodMs: number, durationMs: number): number[] {
  return Array.from({ length: Math.min(PERIODS_MAX, Math.ceil(durationMs / periodMs)) }, (_, index) => index * periodMs)
}
