/** The sender's end of the timer thread. */
import { Worker } from 'node:worker_threads'
import { NEVER, type TimerData } from './timerState'

export interface Timer {
  /** Calls back soon after this moment on CLOCK_MONOTONIC, once; another moment takes its place. null = not at all */
  wakeAt(dueNs: bigint | null): void
}

/** @returns once the thread runs */
export async function createTimer(onDue: () => void): Promise<Timer> {
  const data: TimerData = {
    turn: new Int32Array(new SharedArrayBuffer(4)),
    dueNs: new BigInt64Array(new SharedArrayBuffer(8)),
  }
  data.dueNs[0] = NEVER
  const worker = new Worker(new URL('./timer.js', import.meta.url), { workerData: data })
  await new Promise<void>((resolve, reject) => {
    worker.once('online', resolve)
    worker.once('error', reject)
  })
  worker.removeAllListeners('error') // from here on an error is a bug, and thrown
  worker.on('message', onDue)
  return {
    wakeAt(dueNs) {
      Atomics.store(data.dueNs, 0, dueNs ?? NEVER)
      Atomics.add(data.turn, 0, 1)
      Atomics.notify(data.turn, 0)
    },
  }
}
