/** What a node believes of time when its clocks are made wrong. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { BentClock } from '../../../src-main/node/bent-clock'
import type { Clock } from '../../../src-main/node/clock'
import { type Clocks, clocksOf } from '../../../src-main/node/clocks'
import { Harms } from '../../../src-main/node/harms'

let nowNs: number
const truth: Clock = { nowNs: () => nowNs, nowMs: () => nowNs / 1e6, realMs: (ms) => ms }
const pass = (ms: number): void => void (nowNs += ms * 1e6)

beforeEach(() => {
  nowNs = 5e9
})

describe('a clock whose rate changes', () => {
  it('never jumps at a change, and tells true time from what it said, whatever the rates were', () => {
    const change = fc.record({ afterMs: fc.integer({ min: 0, max: 5_000 }), rate: fc.double({ min: 0.1, max: 10, noNaN: true }) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        nowNs = 0
        const clock = new BentClock(truth)
        const said: { trueNs: number; ownMs: number }[] = []
        for (const { afterMs, rate } of changes) {
          pass(afterMs)
          const before = clock.nowNs()
          clock.runAt(rate)
          expect(clock.nowNs()).toBe(before)
          pass(1)
          said.push({ trueNs: nowNs, ownMs: clock.nowMs() })
          expect(Math.abs(clock.nowNs() - before - 1e6 * rate)).toBeLessThanOrEqual(2)
        }
        for (const { trueNs, ownMs } of said) expect(Math.abs(clock.trueNs(ownMs) - trueNs)).toBeLessThan(100)
      }),
    )
  })
})

describe('the clocks of a node', () => {
  let harms: Harms
  let clocks: Clocks
  beforeEach(() => {
    harms = new Harms()
    clocks = clocksOf(truth, harms)
  })

  it('are true as long as nothing is wrong with them', () => {
    expect([clocks.monotonic.nowNs(), clocks.timers.nowNs()]).toEqual([nowNs, nowNs])
    expect(Math.abs(clocks.wallMs() - Date.now())).toBeLessThan(50)
  })

  it('a drift is in all three; afterwards the wall clock is right again and the others go on without a jump', () => {
    harms.take('f', { kind: 'clock-drift', ppm: -500_000 })
    pass(10_000)
    expect(clocks.monotonic.nowNs()).toBe(10e9)
    expect(clocks.timers.nowNs()).toBe(10e9)
    expect(clocks.wallMs() - Date.now()).toBeCloseTo(-5_000, -2)
    harms.take('f', null)
    pass(1_000)
    expect(clocks.monotonic.nowNs()).toBe(11e9)
    expect(Math.abs(clocks.wallMs() - Date.now())).toBeLessThan(50)
  })

  it('a step is in the wall clock alone', () => {
    harms.take('f', { kind: 'clock-step', stepMs: 3_600_000 })
    expect(clocks.wallMs() - Date.now()).toBeCloseTo(3_600_000, -2)
    expect([clocks.monotonic.nowNs(), clocks.timers.nowNs()]).toEqual([nowNs, nowNs])
  })

  it('timers at another rate are in the timers alone, on top of a drift', () => {
    harms.take('f', { kind: 'timer-rate', factor: 2 })
    harms.take('g', { kind: 'clock-drift', ppm: 100_000 })
    expect(clocks.timers.rate).toBeCloseTo(2.2)
    expect(clocks.timers.realMs(220)).toBeCloseTo(100)
    expect(clocks.monotonic.rate).toBeCloseTo(1.1)
  })
})
