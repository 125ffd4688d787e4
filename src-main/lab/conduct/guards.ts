/** Guards: evaluated every 200 ms; one that has held for its time stops the run. */
import type { Guard, LiveMetric } from '@shared/plan/plan'
import { compares, Holding } from './holding'
import type { Surroundings } from './surroundings'
import { BIN_MS } from './window'

export interface Fired {
  guard: Guard
  observed: number
}

/** @returns the first guard that fires before `endMs` (since load start); null = none did, or the run was halted */
export async function watchGuards(guards: readonly Guard[], endMs: number, around: Surroundings): Promise<Fired | null> {
  if (guards.length === 0) return null
  const watch = new GuardWatch(guards)
  for (;;) {
    await around.pause(BIN_MS)
    const nowMs = around.nowMs()
    if (around.isHalted() || nowMs >= endMs) return null
    const fired = watch.evaluate(nowMs, (metric) => around.read(metric))
    if (fired) return fired
  }
}

export class GuardWatch {
  private readonly watched: { guard: Guard; holding: Holding }[]

  constructor(guards: readonly Guard[]) {
    this.watched = guards.map((guard) => ({ guard, holding: new Holding(guard.forMs) }))
  }

  /**
   * @param read the value of a metric now; null = it has none, and its guards neither hold nor start anew
   * @returns the guard that fires now, if any, with what it saw
   */
  evaluate(nowMs: number, read: (metric: LiveMetric) => number | null): Fired | null {
    let fired: Fired | null = null
    for (const { guard, holding } of this.watched) {
      const observed = read(guard.metric)
      const isOver = holding.look(nowMs, observed === null ? null : compares(observed, guard.comparison, guard.value))
      if (isOver && fired === null) fired = { guard, observed: observed! }
    }
    return fired
  }
}
