/** Guards: evaluated every 200 ms over the last second; one that has held for its time stops the run. */
import type { Comparison, Guard } from '@shared/plan/plan'

export class GuardWatch {
  private readonly since = new Map<Guard, number>()

  constructor(private readonly guards: readonly Guard[]) {}

  /**
   * @param availability share of good requests in the last second, 0…1; null = no request: a guard neither holds nor starts anew
   * @returns the guard that fires now, if any
   */
  evaluate(nowMs: number, availability: number | null): Guard | null {
    if (availability === null) return null
    for (const guard of this.guards.filter(({ metric }) => metric === 'availability')) {
      if (!holds(availability, guard.comparison, guard.value)) {
        this.since.delete(guard)
        continue
      }
      const since = this.since.get(guard) ?? nowMs
      this.since.set(guard, since)
      if (nowMs - since >= guard.forMs) return guard
    }
    return null
  }
}

function holds(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    case '==':
      return value === limit
    case '!=':
      return value !== limit
  }
}
