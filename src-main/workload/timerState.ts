/** What the sender and its timer thread share. */
import type { ArrivalSettings } from './arrivals'

export const State = { waiting: 0, running: 1, stopped: 2 } as const

export interface TimerData {
  arrivals: ArrivalSettings
  /** one word: `State` */
  state: Int32Array
  /** one word: 1 while a wake-up is on its way, so that a stalled sender finds one and not a thousand */
  isPosted: Int32Array
  /** load start on CLOCK_MONOTONIC, ns */
  startNs: BigInt64Array
}
