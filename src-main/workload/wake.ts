/** The sender's end of the timer thread. */
import { Worker } from 'node:worker_threads'
import type { ArrivalSettings } from './arrivals'
import { State, type TimerData } from './timerState'

export interface Timer {
  /** @param startNs load start on CLOCK_MONOTONIC */
  start(startNs: bigint): void
  stop(): void
}

/**
 * @param onDue called soon after each arrival; one call may stand for several
 * @returns once the thread runs
 */
export async function createTimer(arrivals: ArrivalSettings, onDue: () => void): Promise<Timer> {
  const data: TimerData = {
    arrivals,
    state: new Int32Array(new SharedArrayBuffer(4)),
    isPosted: new Int32Array(new SharedArrayBuffer(4)),
    startNs: new BigInt64Array(new SharedArrayBuffer(8)),
  }
  const worker = new Worker(new URL('./timer.js', import.meta.url), { workerData: data })
  await new Promise<void>((resolve, reject) => {
    worker.once('online', resolve)
    worker.once('error', reject)
  })
  worker.removeAllListeners('error') // from here on an error is a bug, and thrown
  worker.on('message', () => {
    Atomics.store(data.isPosted, 0, 0) // before the clock is read: an arrival after that posts again
    onDue()
  })
  const enter = (state: number): void => {
    Atomics.store(data.state, 0, state)
    Atomics.notify(data.state, 0)
  }
  return {
    start(startNs) {
      Atomics.store(data.startNs, 0, startNs)
      enter(State.running)
    },
    stop: () => enter(State.stopped),
  }
}
