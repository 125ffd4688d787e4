/** Runs plans one after the other without a word; an interruption ends the one that is going on, and all that would follow. */
import { join } from 'node:path'
import type { Plan } from '@shared/plan/plan'
import type { Report } from '@shared/run/report'
import type { Archive } from '../lab/archive'
import { writeRunFiles } from '../lab/conduct/files'
import { Run } from '../lab/conduct/run'
import { onInterrupt } from './interrupt'

export class QuietRuns {
  private now: Run | null = null
  private isStopped = false
  private readonly release = onInterrupt((by) => {
    this.isStopped = true
    process.stderr.write(`\n${by}: stopping, cleaning up\n`)
    this.now?.stop('person')
  })

  constructor(private readonly archive: Archive) {}

  /** @returns null when a person stopped it */
  async report({ plan, text }: { plan: Plan; text: string }): Promise<Report | null> {
    if (this.isStopped) return null
    const quiet = (): void => undefined
    const { store, data } = this.archive
    this.now = new Run({ plan, planText: text, seed: plan.seed, store, data, onLine: quiet, onStep: quiet, onFrame: quiet })
    await this.now.begin()
    const model = await this.now.execute()
    writeRunFiles(store, model, join(data.runs, this.now.id))
    return this.isStopped ? null : model.report
  }

  close(): void {
    this.release()
  }
}
