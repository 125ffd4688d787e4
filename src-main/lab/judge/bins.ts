/** The service in bins of intended time: the grid on which impact and recovery are found. */
import type { OperationRecord } from '@shared/run/operation'
import type { Stretch } from './axis'
import type { Good } from './requests'

/** Bin i covers [i·widthMs, (i+1)·widthMs) since the start of what was binned: load start, for all faults alike. */
export interface ServiceBins {
  widthMs: number
  asked: Uint32Array
  good: Uint32Array
}

/** max(100 ms, 20/λ): about 20 requests in a bin, so that one bad request does not make a bin fail. */
export function recoveryBinMs(ratePerS: number): number {
  return Math.max(100, 20_000 / ratePerS)
}

export function binService(operations: readonly OperationRecord[], good: Good, widthMs: number, stretch: Stretch): ServiceBins {
  const count = Math.max(0, Math.ceil((stretch.toMs - stretch.fromMs) / widthMs))
  const bins: ServiceBins = { widthMs, asked: new Uint32Array(count), good: new Uint32Array(count) }
  for (const operation of operations) {
    const bin = Math.floor((operation.intended_ns / 1e6 - stretch.fromMs) / widthMs)
    if (bin < 0 || bin >= count) continue
    bins.asked[bin]!++
    if (good(operation)) bins.good[bin]!++
  }
  return bins
}

/** @returns 0…1; null for a bin in which nothing was asked: it neither counts nor breaks */
export function goodRatio(bins: ServiceBins, bin: number): number | null {
  const asked = bins.asked[bin] ?? 0
  return asked === 0 ? null : bins.good[bin]! / asked
}
