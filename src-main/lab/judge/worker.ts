/** Entry of the judge's thread: takes one run, answers with its model, ends. An exception reaches the other side as `error`. */
import { parentPort, workerData } from 'node:worker_threads'
import { judge } from './judge'
import type { JudgeJob } from './judge-in-worker'

if (parentPort === null) throw new Error('judge: this file runs as a worker thread only; call judgeInWorker')
const { records, plan, budgetMs } = workerData as JudgeJob
parentPort.postMessage(judge(records, plan, budgetMs === undefined ? {} : { budgetMs }))
