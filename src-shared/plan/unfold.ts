/**
 * The faults that a plan comes to with a seed: entries that repeat become several, and the monkey's are drawn. What
 * happens when is settled here, before anything runs, but for faults that wait for a condition.
 */
import { drawIndex, seededRandom } from '../stats/random'
import { phaseTimes } from './phases'
import type { FaultSpec, Monkey, MonkeyFault, Plan, TimelineEntry } from './plan'

/** A plan comes to at most so many faults. */
export const FAULTS_MAX = 500

/** The entry that all faults of the monkey name. */
export const MONKEY = 'monkey'

/** @returns the faults in the order of the plan, the monkey's last; each begins and ends within its phase */
export function unfold(plan: Pick<Plan, 'timeline' | 'monkey' | 'phases'>, seed: number): FaultSpec[] {
  const faults = plan.timeline.flatMap((entry) => repeated(entry, seed))
  return plan.monkey ? [...faults, ...drawMonkey(plan.monkey, plan, seed)] : faults
}

function repeated({ repeat, ...spec }: TimelineEntry, seed: number): FaultSpec[] {
  if (!repeat) return [spec]
  const random = seededRandom(seed, `spread/${spec.id}`)
  return Array.from({ length: repeat.count }, (_, turn) => ({
    ...spec,
    id: repeat.count === 1 ? spec.id : `${spec.id}.${turn + 1}`,
    atMs: spec.atMs + turn * repeat.everyMs + drawIndex(random, repeat.spreadMs + 1),
  }))
}

/** One fault after the other, with a gap before each, for as long as the phase has room. */
function drawMonkey({ phase, gapMs, faults }: Monkey, plan: Pick<Plan, 'phases'>, seed: number): FaultSpec[] {
  const random = seededRandom(seed, MONKEY)
  const { fromMs, toMs } = phaseTimes(plan).find((times) => times.phase === phase)!
  const drawn: FaultSpec[] = []
  let freeMs = 0
  while (drawn.length < FAULTS_MAX && faults.length > 0) {
    const atMs = freeMs + between(gapMs, random)
    const { fault, values, target, forMs } = weighted(faults, random)
    const lastsMs = between(forMs, random)
    freeMs = atMs + lastsMs
    if (freeMs > toMs - fromMs) break
    drawn.push({ id: `${MONKEY}-${drawn.length + 1}`, entry: MONKEY, phase, atMs, forMs: lastsMs, when: null, fault, values, target })
  }
  return drawn
}

function weighted(faults: readonly MonkeyFault[], random: () => number): MonkeyFault {
  let left = drawIndex(random, faults.reduce((sum, { weight }) => sum + weight, 0))
  return faults.find(({ weight }) => (left -= weight) < 0)!
}

/** A whole number of milliseconds, both ends included. */
const between = ([least, most]: readonly [number, number], random: () => number): number => least + drawIndex(random, most - least + 1)
