/** The size of an effect from its readings: mean beside what was asked, with its 95 % confidence interval. */
import type { FaultSize } from '@shared/run/event'
import { meanOf } from '@shared/stats/mean'

/** @returns null without a reading */
export function sizeOf(what: string, asked: number, readings: readonly number[], unit: string): FaultSize | null {
  const found = meanOf(readings)
  return found && { what, asked, seen: found.mean, spread: found.halfWidth, n: found.n, unit }
}
