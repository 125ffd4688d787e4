/** Guards: evaluated every 200 ms; one that has held for its time stops the run. */
import type { Guard, LiveMetric } from '@shared/plan/plan'
import { compares, Holding } from './holding'

export class GuardWatch {
  private readonly watched: { guard: Guard; holding: Holding }[]

  constructor(guards: readonly Guard[]) {
    this.watched = guards.map((guard) => ({ guard, holding: new Holding(guard.forMs) }))
  }

  /**
   * @param read the value of a metric now; null = it has none, and its guards neither hold nor start anew
   * @returns the guard that fires now, if any, with what it saw
   */
  evaluate(nowMs: number, read: (metric: LiveMetric) => number | null): { guard: Guard; observed: number } | null {
    let fired: { guard: Guard; observed: number } | null = null
    for (const { guard, holding } of this.watched) {
      const observed = read(guard.metric)
      const isOver = holding.look(nowMs, observed === null ? null : compares(observed, guard.comparison, guard.value))
      if (isOver && fired === null) fired = { guard, observed: observed! }
    }
    return fired
  }
}
