/** The one broadcast time with which simulated medians come nearest to the paper's. */
import { median } from '@shared/stats/spread'
import { electionTimes } from '../../../src-main/sim/election'
import { paperTimesMs, type Setting } from './paper'

/** What the page is made with; equal seeds give an equal page. */
export const SEED = 42
const FIRST_MS = 4
const LAST_MS = 12
const STEP_MS = 0.25

export interface Fit {
  broadcastMs: number
  /** how far the worst median is from the paper's, as a share of the paper's */
  worst: number
}

/** @returns every candidate, in ascending order of broadcast time */
export function candidates(settings: readonly Setting[]): Fit[] {
  const measured = settings.map((setting) => ({ setting, paperMs: median(paperTimesMs(setting))! }))
  const steps = Math.round((LAST_MS - FIRST_MS) / STEP_MS)
  return Array.from({ length: steps + 1 }, (_, step) => {
    const broadcastMs = FIRST_MS + step * STEP_MS
    const misses = measured.map(({ setting, paperMs }) => Math.abs(simulatedMedianMs(setting, broadcastMs) / paperMs - 1))
    return { broadcastMs, worst: Math.max(...misses) }
  })
}

/** @throws when there is no candidate */
export function best(fits: readonly Fit[]): Fit {
  return fits.reduce((least, fit) => (fit.worst < least.worst ? fit : least))
}

function simulatedMedianMs({ timeoutMs, trials }: Setting, broadcastMs: number): number {
  return median(electionTimes({ nodes: 5, timeoutMs, broadcastMs, trials, seed: SEED, logs: 'handicapped' }).sortedMs)!
}
