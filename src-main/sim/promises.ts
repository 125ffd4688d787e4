/** What a run of many worlds has to have met: a simulator that grew tame would go on finding nothing, and prove nothing. */
import { COVERED, type Covered } from './coverage'
import type { Tally } from './tally'

/** Fewer worlds may miss what is rare by chance. */
export const SEEDS_MIN = 1000

const EVERY: readonly Covered[] = [
  '60 s of virtual time',
  '200 client operations',
  'crash that lost unsynced data',
  'two network faults',
  'leader elected',
  'write acknowledged',
  'read served',
]
const HALF: readonly Covered[] = ['snapshot installed or membership change finished']
/** A history that takes the judge too long is nothing to hope for. */
const NEVER_OWED: readonly Covered[] = ['history undecided']

/** @returns each promise that was not kept, for people; everything that has a line in the coverage is met now and then */
export function brokenPromises({ seeds, coverage }: Pick<Tally, 'seeds' | 'coverage'>): string[] {
  if (seeds < SEEDS_MIN) return []
  const broken: string[] = []
  for (const event of COVERED) {
    const met = coverage[event] ?? 0
    const least = EVERY.includes(event) ? seeds : HALF.includes(event) ? Math.ceil(seeds / 2) : NEVER_OWED.includes(event) ? 0 : 1
    if (met < least) broken.push(`${event}: met in ${met} of ${seeds} seeds, at least ${least} were promised`)
  }
  return broken
}
