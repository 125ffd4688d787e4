/** Conditions that have to hold for a time: of guards, and of faults that wait. */
import type { Comparison } from '@shared/plan/plan'

export class Holding {
  private sinceMs: number | null = null

  constructor(private readonly forMs: number) {}

  /** @param isTrue null = nothing can be said: it neither counts nor starts anew. @returns whether it has held for its time */
  look(nowMs: number, isTrue: boolean | null): boolean {
    if (isTrue === null) return false
    if (!isTrue) {
      this.sinceMs = null
      return false
    }
    this.sinceMs ??= nowMs
    return nowMs - this.sinceMs >= this.forMs
  }
}

export function compares(value: number, comparison: Comparison, limit: number): boolean {
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
