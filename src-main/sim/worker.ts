/** Entry of a simulator thread: takes ranges of seeds, answers each with its tally. An exception reaches the other side as `error`. */
import { parentPort, workerData } from 'node:worker_threads'
import { judgeHistory } from './judge-history'
import { planOf, type PlanOptions } from './plan'
import { addWorld, emptyTally } from './tally'
import { runWorld } from './world'

export interface SeedRange {
  from: number
  /** included */
  to: number
}

if (parentPort === null) throw new Error('sim: this file runs as a worker thread only; call runSeeds')
const port = parentPort
const options = workerData as PlanOptions

port.on('message', ({ from, to }: SeedRange) => {
  const tally = emptyTally()
  for (let seed = from; seed <= to; seed++) addWorld(tally, runWorld(planOf(seed, options), judgeHistory))
  port.postMessage(tally)
})
