import { describe, expect, it } from 'vitest'
import type { Guard, LiveMetric } from '@shared/plan/plan'
import { GuardWatch } from '../../../src-main/lab/conduct/guards'

const guard: Guard = { when: 'availability < 20% for 2s', metric: 'availability', comparison: '<', value: 0.2, forMs: 2_000, then: 'stop' }
const is = (value: number | null) => () => value

describe('a guard', () => {
  it('fires once its condition has held for its time, and tells what it saw', () => {
    const watch = new GuardWatch([guard])
    expect(watch.evaluate(0, is(0.1))).toBeNull()
    expect(watch.evaluate(1_800, is(0))).toBeNull()
    expect(watch.evaluate(2_000, is(0.05))).toEqual({ guard, observed: 0.05 })
  })

  it('starts anew after a good moment', () => {
    const watch = new GuardWatch([guard])
    watch.evaluate(0, is(0.1))
    expect(watch.evaluate(1_900, is(0.2))).toBeNull()
    expect(watch.evaluate(2_100, is(0.1))).toBeNull()
    expect(watch.evaluate(4_000, is(0.1))).toBeNull()
    expect(watch.evaluate(4_100, is(0.1))?.guard).toBe(guard)
  })

  it('decides nothing where its metric has no value, and does not start anew for it', () => {
    const watch = new GuardWatch([guard])
    watch.evaluate(0, is(0.1))
    expect(watch.evaluate(2_000, is(null))).toBeNull()
    expect(watch.evaluate(2_200, is(0.1))?.guard).toBe(guard)
  })

  it('reads its own metric, and each of several counts its own time', () => {
    const queue: Guard = { when: 'queue > 500 for 1s', metric: 'queue', comparison: '>', value: 500, forMs: 1_000, then: 'stop' }
    const watch = new GuardWatch([guard, queue])
    const read = (metric: LiveMetric): number => (metric === 'queue' ? 501 : 1)
    expect(watch.evaluate(0, read)).toBeNull()
    expect(watch.evaluate(1_000, read)).toEqual({ guard: queue, observed: 501 })
  })
})
