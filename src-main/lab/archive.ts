/** The recorded runs, as the command line and the window ask for them. Opening it first undoes what dead engines left. */
import { parsePlan } from '@shared/plan/parse'
import type { ReportModel, RunSummary } from '@shared/run/report'
import { isHeld } from '../janitor/lock'
import { sweepAll, type Swept } from '../janitor/sweep'
import { LabFailure } from './failure'
import { judgeInWorker } from './judge/judge-in-worker'
import type { DataFolder } from './launch/paths'
import { openStore, type Store } from './store/store'

export class Archive {
  private constructor(
    readonly store: Store,
    readonly data: DataFolder,
    /** what was found of dead engines, and undone */
    readonly swept: Swept,
  ) {}

  static async open(data: DataFolder): Promise<Archive> {
    const swept = await sweepAll(data.root)
    return new Archive(openStore(data.database), data, swept)
  }

  list(): RunSummary[] {
    return this.store.listRuns(isLive)
  }

  /**
   * The verdict of a run; one that was killed half-way is judged now, from what it had.
   * @throws LabFailure when there is no such run, or it is still going on
   */
  async model(run: string): Promise<ReportModel> {
    if (!this.store.hasRun(run)) {
      throw new LabFailure('not-found', `no run "${run}" in ${this.data.database}`, '`faultline runs` lists what was recorded')
    }
    const stored = this.store.loadModel(run)
    if (stored && 'faults' in stored) return stored // else an older version judged it, and what it lacks is judged now
    const records = this.store.loadRecords(run)
    if (!records.closing && isLive(records.header)) throw new LabFailure('not-found', `run ${run} is still going on`, 'wait for its end')
    const { plan } = parsePlan(records.header.planText)
    if (!plan) throw new Error(`the stored plan of run ${run} no longer parses`)
    const model = await judgeInWorker(records, plan)
    this.store.saveModel(run, model)
    return model
  }

  close(): void {
    this.store.close()
  }
}

/** Its engine lives as long as it holds its lab's lock. */
function isLive({ lab }: { lab: string }): boolean {
  return isHeld(lab)
}
