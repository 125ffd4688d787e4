/**
 * The timer thread: sleeps until the next arrival and wakes the sender. `setTimeout` is milliseconds off, and waiting
 * in a loop would take the core that the nodes need.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { arrivalsNs } from './arrivals'
import { State, type TimerData } from './timerState'

const { arrivals, state, isPosted, startNs } = workerData as TimerData

run()

function run(): void {
  Atomics.wait(state, 0, State.waiting)
  const loadStartNs = Atomics.load(startNs, 0)
  for (const atNs of arrivalsNs(arrivals)) {
    if (!sleepUntil(loadStartNs + BigInt(atNs))) return
    if (Atomics.exchange(isPosted, 0, 1) === 0) parentPort?.postMessage(null)
  }
}

/** @returns false when the sender stopped the timer */
function sleepUntil(dueNs: bigint): boolean {
  for (;;) {
    const leftMs = Number(dueNs - process.hrtime.bigint()) / 1e6
    if (leftMs <= 0) return Atomics.load(state, 0) === State.running
    if (Atomics.wait(state, 0, State.running, leftMs) !== 'timed-out') return false
  }
}
