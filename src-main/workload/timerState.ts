/** What the sender and its timer thread share. */

export interface TimerData {
  /** one word, another one at each change of `dueNs`: what the thread waits on */
  turn: Int32Array
  /** when to wake the sender, on CLOCK_MONOTONIC in ns; `NEVER` once it was woken */
  dueNs: BigInt64Array
}

export const NEVER = -1n
