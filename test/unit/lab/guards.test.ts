import { describe, expect, it } from 'vitest'
import type { Guard } from '@shared/plan/plan'
import { GuardWatch } from '../../../src-main/lab/conduct/guards'

const guard: Guard = { when: 'availability < 20% for 2s', metric: 'availability', comparison: '<', value: 0.2, forMs: 2_000, then: 'stop' }

describe('a guard', () => {
  it('fires once its condition has held for its time', () => {
    const watch = new GuardWatch([guard])
    expect(watch.evaluate(0, 0.1)).toBeNull()
    expect(watch.evaluate(1_800, 0)).toBeNull()
    expect(watch.evaluate(2_000, 0)).toBe(guard)
  })

  it('starts anew after a good moment', () => {
    const watch = new GuardWatch([guard])
    watch.evaluate(0, 0.1)
    expect(watch.evaluate(1_900, 0.2)).toBeNull()
    expect(watch.evaluate(2_100, 0.1)).toBeNull()
    expect(watch.evaluate(4_000, 0.1)).toBeNull()
    expect(watch.evaluate(4_100, 0.1)).toBe(guard)
  })

  it('decides nothing where there was no request', () => {
    const watch = new GuardWatch([{ ...guard, forMs: 0 }])
    expect(watch.evaluate(0, null)).toBeNull()
    expect(watch.evaluate(200, 0)?.when).toBe(guard.when)
  })
})
