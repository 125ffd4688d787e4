/**
 * The clocks of a node. The true one is that of the whole run, and dates every report; the others are what the node
 * believes, and can be made wrong: its wall clock, its monotonic clock, and the one its timers run by.
 */
import { BentClock } from './bent-clock'
import type { Clock } from './clock'
import type { Harms } from './harms'

export interface Clocks {
  truth: Clock
  /** round trips, ages */
  monotonic: BentClock
  /** elections, heartbeats, leases, time limits of requests */
  timers: BentClock
  /** ms since 1970 */
  wallMs(): number
}

export function clocksOf(truth: Clock, harms: Harms): Clocks {
  const monotonic = new BentClock(truth)
  const timers = new BentClock(truth)
  const offMs = (): number => (monotonic.nowNs() - truth.nowNs()) / 1e6
  // a wall clock is put right again when it stops drifting; a monotonic clock never is
  let putRightMs = 0
  const follow = (): void => {
    const drift = 1 + harms.of('clock-drift').reduce((sum, { ppm }) => sum + ppm, 0) / 1e6
    monotonic.runAt(drift)
    timers.runAt(harms.of('timer-rate').reduce((rate, { factor }) => rate * factor, drift))
    if (drift === 1) putRightMs = offMs()
  }
  follow()
  harms.onChange(follow)
  const steppedMs = (): number => harms.of('clock-step').reduce((sum, { stepMs }) => sum + stepMs, 0)
  return { truth, monotonic, timers, wallMs: () => Date.now() + steppedMs() + offMs() - putRightMs }
}
