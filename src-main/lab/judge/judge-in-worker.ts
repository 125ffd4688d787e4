/** Judging takes up to a minute of computation; in a thread of its own it never stalls the engine's loop. */
import { Worker } from 'node:worker_threads'
import type { Plan } from '@shared/plan/plan'
import type { ReportModel } from '@shared/run/report'
import type { RunRecords } from '../store/records'

/** What the thread is given; copied, since threads share nothing. */
export interface JudgeJob {
  records: RunRecords
  plan: Plan
  budgetMs?: number
}

export interface JudgeInWorkerOptions {
  /** for the linearizability search; 60 s unless given */
  budgetMs?: number
  /** the built entry; by default it lies beside the built file that calls this */
  entry?: URL
}

/** @throws (rejects) when the judge itself failed: that is a bug, and the records are still there to be judged again */
export function judgeInWorker(records: RunRecords, plan: Plan, options: JudgeInWorkerOptions = {}): Promise<ReportModel> {
  const { budgetMs, entry = builtEntry() } = options
  const job: JudgeJob = { records, plan, ...(budgetMs !== undefined && { budgetMs }) }
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry, { workerData: job })
    worker.once('message', (model: ReportModel) => resolve(model))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`judge: its thread ended with code ${code} before it answered`)))
  })
}

/** Built files lie in out/main, shared chunks one folder below; the bundler must not take this for an asset of its own. */
function builtEntry(): URL {
  const here = import.meta.url
  const file = here.includes('/chunks/') ? '../judge.js' : './judge.js'
  return new URL(file, here)
}
