/** The size of an effect from its readings, beside what was asked, with its 95 % confidence interval. */
import type { FaultSize } from '@shared/run/event'
import { meanOf } from '@shared/stats/mean'
import { medianOf } from '@shared/stats/median'

/** @returns null without a reading */
export function sizeOf(what: string, asked: number, readings: readonly number[], unit: string): FaultSize | null {
  const found = meanOf(readings)
  return found && { what, asked, seen: found.mean, spread: found.halfWidth, n: found.n, unit }
}

/** By the median: for times, where a machine that is busy elsewhere makes a few readings much longer, and never shorter. */
export function medianSizeOf(what: string, asked: number, readings: readonly number[], unit: string): FaultSize | null {
  const found = medianOf(readings)
  return found && { what: `${what}, median`, asked, seen: found.median, spread: found.halfWidth, n: found.n, unit }
}
