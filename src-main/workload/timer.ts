/**
 * The timer thread: sleeps until the moment it was given and wakes the sender. `setTimeout` is milliseconds off, and
 * waiting in a loop would take the core that the nodes need. It knows nothing of arrivals: they may change on the way.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { NEVER, type TimerData } from './timerState'

const { turn, dueNs } = workerData as TimerData

for (;;) {
  const seen = Atomics.load(turn, 0)
  const due = Atomics.load(dueNs, 0)
  const leftMs = due === NEVER ? Infinity : Number(due - process.hrtime.bigint()) / 1e6
  if (leftMs > 0) Atomics.wait(turn, 0, seen, leftMs)
  else if (Atomics.compareExchange(dueNs, 0, due, NEVER) === due) parentPort?.postMessage(null)
}
