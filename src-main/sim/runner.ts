/** Seeds spread over the cores: each thread takes the next few seeds when it is done with the last ones. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { PlanOptions } from './plan'
import { addTally, emptyTally, type Tally } from './tally'
import type { SeedRange } from './worker'

export interface RunSeedsOptions extends PlanOptions, SeedRange {
  /** as many as there are cores unless given */
  threads?: number
  /** the built entry; by default it lies beside the built file that calls this */
  entry?: URL
  onProgress?: (tally: Tally) => void
}

/** Few enough that progress moves and the threads end together, enough that a message costs nothing. */
const SEEDS_PER_TURN = 8

/** @throws (rejects) when a thread failed: that is a bug of the simulator, not of a world */
export async function runSeeds(options: RunSeedsOptions): Promise<Tally> {
  const { from, to, faults, nodes, onProgress, entry = builtEntry() } = options
  const turns = Math.ceil((to - from + 1) / SEEDS_PER_TURN)
  const threads = Math.max(1, Math.min(options.threads ?? availableParallelism(), turns))
  const total = emptyTally()
  let next = from
  const take = (): SeedRange | null => {
    if (next > to) return null
    const range = { from: next, to: Math.min(to, next + SEEDS_PER_TURN - 1) }
    next = range.to + 1
    return range
  }
  const workers = Array.from({ length: threads }, () => new Worker(entry, { workerData: { faults, nodes } satisfies PlanOptions }))
  try {
    await Promise.all(workers.map((worker) => feed(worker, take, (tally) => (addTally(total, tally), onProgress?.(total)))))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return total
}

function feed(worker: Worker, take: () => SeedRange | null, done: (tally: Tally) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      const range = take()
      if (range === null) resolve()
      else worker.postMessage(range)
    }
    worker.on('message', (tally: Tally) => {
      done(tally)
      go()
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`sim: a thread ended with code ${code} before it answered`)))
    go()
  })
}

/** Built files lie in out/main, shared chunks one folder below; the bundler must not take this for an asset of its own. */
function builtEntry(): URL {
  const here = import.meta.url
  const file = here.includes('/chunks/') ? '../sim.js' : './sim.js'
  return new URL(file, here)
}
