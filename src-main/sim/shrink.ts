/**
 * The shortest replay of a failure: what can be left out of a world's timeline while the same rule still breaks
 * (delta debugging, Zeller 2002, on happenings). Deterministic, so what is left is what it takes.
 */
import type { Failure } from './failure'
import type { WorldPlan } from './plan'
import type { Happening } from './timeline'
import type { WorldResult } from './world'

/** A world takes some milliseconds; nobody waits for more than a few seconds of this. */
const RUNS_MAX = 250

export interface Shrunk {
  plan: WorldPlan
  failure: Failure
  /** worlds that were tried */
  runs: number
}

/** @param run plays a plan; the same plan always gives the same result */
export function shrink(plan: WorldPlan, failure: Failure, run: (plan: WorldPlan) => WorldResult): Shrunk {
  const found: Shrunk = { plan, failure, runs: 0 }
  const fails = (timeline: readonly Happening[]): boolean => {
    found.runs++
    const smaller = { ...plan, timeline }
    const result = run(smaller).failure
    if (result === null || result.kind !== failure.kind || result.invariant !== failure.invariant) return false
    found.plan = smaller
    found.failure = result
    return true
  }
  // what comes after the failure had no part in it
  const before = plan.timeline.filter(({ atMs }) => atMs <= failure.atMs)
  if (failure.kind === 'safety' && before.length < plan.timeline.length) fails(before)
  for (let size = half(found.plan.timeline.length); size >= 1 && found.runs < RUNS_MAX; size = size === 1 ? 0 : half(size)) {
    let at = 0
    while (at < found.plan.timeline.length && found.runs < RUNS_MAX) {
      const { timeline } = found.plan
      if (!fails([...timeline.slice(0, at), ...timeline.slice(at + size)])) at += size
    }
  }
  return found
}

function half(count: number): number {
  return Math.ceil(count / 2)
}

/** A happening as a line for people. */
export function describeHappening({ id, kind, atMs, forMs, target }: Happening): string {
  const what = typeof target === 'number' ? `n${target + 1}` : target
  return `#${id} at ${(atMs / 1000).toFixed(2)} s for ${(forMs / 1000).toFixed(2)} s: ${kind} ${what}`
}
