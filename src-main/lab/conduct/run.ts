/**
 * One run, from preflight to verdict: preflight → warm-up → baseline → faults → recovery → cleanup with proof →
 * verdict. Whatever happens on the way, everything is undone, and what was recorded can be read.
 */
import { createHash } from 'node:crypto'
import type { LiveFrame } from '@shared/api/live'
import { phaseTimes } from '@shared/plan/phases'
import type { Plan } from '@shared/plan/plan'
import type { ReportModel, RunEnd, VerdictWord } from '@shared/run/report'
import { acquireMeasuring, type Measuring } from '../../janitor/measuring'
import type { NodeConfig } from '../../node/child'
import { LabFailure, messageOf } from '../failure'
import { judgeInWorker } from '../judge/judge-in-worker'
import { Lab } from '../lab'
import { RunClock } from '../launch/clock'
import type { DataFolder } from '../launch/paths'
import { locateToxiproxy } from '../launch/toxiproxy'
import { newRunId } from '../store/runs'
import type { Store } from '../store/store'
import { cleanUp, type CleanupItem } from './cleanup'
import { Experiment } from './experiment'
import { Halt } from './halt'
import { hostOf, VERSION } from './host'
import { Journal, type JournalListener } from './journal'
import type { LiveSource } from './live'
import { Recorder } from './recorder'
import { BIN_MS, LoadWindow } from './window'

export interface RunRequest extends JournalListener {
  plan: Plan
  planText: string
  seed: number
  store: Store
  data: DataFolder
  allowConcurrent?: boolean
  nodeTest?: NodeConfig['test']
}

export class Run {
  readonly id: string
  private readonly clock = new RunClock()
  private readonly halt = new Halt()
  private readonly source: LiveSource
  private readonly journal: Journal
  private ended: LiveFrame['ended'] = null

  private begun: { measuring: Measuring; lab: Lab } | null = null

  constructor(private readonly request: RunRequest) {
    this.id = newRunId(this.clock.startedWallMs, Math.random)
    this.source = {
      run: this.id,
      plan: request.plan,
      phases: phaseTimes(request.plan),
      phase: 'preflight',
      step: 'preflight',
      nodes: [],
      leases: [],
      load: new LoadWindow(),
      loadStartNs: null,
    }
    this.journal = new Journal(this.clock, this.source, request)
  }

  /** Ends the run early; what is running is undone, and what was recorded is judged. */
  stop(by: string): void {
    this.halt.now({ end: 'CANCELED', by })
  }

  /** @throws LabFailure when the run can't begin: Toxiproxy missing, another run measuring. Nothing was stored then */
  async begin(): Promise<void> {
    const toxiproxy = await locateToxiproxy(true)
    const measuring = acquireMeasuring({ allowConcurrent: this.request.allowConcurrent ?? false })
    if (!measuring) {
      throw new LabFailure('busy', 'another run is measuring on this machine; two at once would measure each other',
        'wait for it, or pass --allow-concurrent (both runs are then marked invalid)')
    }
    try {
      this.begun = { measuring, lab: await this.openLab(toxiproxy.version) }
    } catch (error) {
      measuring.release()
      throw error
    }
  }

  /** After `begin`. @returns the report, whatever the end was */
  async execute(): Promise<ReportModel> {
    if (!this.begun) throw new Error(`run ${this.id} was not begun`)
    const { measuring, lab } = this.begun
    try {
      const recorder = new Recorder(this.request.store, this.id, (error) => this.fail(`the records could not be written: ${messageOf(error)}`))
      this.journal.recordTo(recorder)
      const frames = setInterval(() => this.journal.frame(this.ended), BIN_MS)
      try {
        const experiment = await this.conduct(lab, recorder)
        const items = await this.clean(lab, experiment)
        try {
          return await this.close(measuring, recorder, experiment.notSent, items)
        } catch (error) {
          this.tellEnd('ERRORED', 'INCONCLUSIVE', items) // a run that can't be recorded has ended all the same
          throw error
        }
      } finally {
        clearInterval(frames)
      }
    } finally {
      measuring.release()
    }
  }

  /** The lab, and the run in the store: from here on it can be found, whatever happens. */
  private async openLab(toxiproxyVersion: string): Promise<Lab> {
    const { plan, planText, seed, store, data } = this.request
    const lab = new Lab(data, { onJanitorRestart: () => this.journal.note('warning', 'the janitor had ended; another one was started') })
    try {
      store.createRun({
        run: this.id,
        title: plan.title,
        planText,
        planSha256: createHash('sha256').update(planText).digest('hex'),
        seed,
        startedWallMs: this.clock.startedWallMs,
        host: hostOf(toxiproxyVersion),
        version: VERSION,
        lab: lab.dir,
      })
      lab.runBegun(this.id, data.database)
      return lab
    } catch (error) {
      await lab.close()
      throw error
    }
  }

  private async conduct(lab: Lab, recorder: Recorder): Promise<Experiment> {
    const { plan, seed, nodeTest } = this.request
    const { clock, halt, journal, source } = this
    journal.phase('preflight')
    const fail = (what: string): void => this.fail(what)
    const experiment = new Experiment({ plan, seed, lab, clock, halt, journal, recorder, source, fail, ...(nodeTest ? { nodeTest } : {}) })
    try {
      await experiment.perform()
    } catch (error) {
      this.fail(messageOf(error))
    }
    return experiment
  }

  private async clean(lab: Lab, experiment: Experiment): Promise<CleanupItem[]> {
    this.journal.phase('cleanup')
    this.journal.step('cleaning up')
    await experiment.breakOff()
    return cleanUp({
      lab,
      cluster: experiment.cluster,
      generator: experiment.generator,
      leases: this.source.leases.map(({ lease }) => lease),
      report: (item) => this.journal.event({ atNs: this.clock.nowNs(), kind: 'cleanup', ...item }),
    })
  }

  private async close(measuring: Measuring, recorder: Recorder, notSent: number, items: CleanupItem[]): Promise<ReportModel> {
    const { store, plan } = this.request
    const end: RunEnd = this.halt.reason?.end ?? 'COMPLETED'
    recorder.close()
    store.closeRun(this.id, {
      end,
      stoppedBy: this.halt.reason?.by ?? null,
      invalid: measuring.wasAlone() ? [] : ['Another run was measuring on this machine at the same time.'],
      notSent,
      loadStartNs: this.source.loadStartNs,
      endedNs: this.clock.nowNs(),
    })
    this.journal.step('judging')
    const model = await judgeInWorker(store.loadRecords(this.id), plan)
    store.saveModel(this.id, model)
    this.tellEnd(end, model.report.verdict, items)
    return model
  }

  private tellEnd(end: RunEnd, verdict: VerdictWord, items: CleanupItem[]): void {
    this.ended = { end, verdict, cleanup: { done: items.filter((item) => item.ok).length, of: items.length } }
    this.journal.frame(this.ended)
  }

  /** The lab can't go on: the run ends ERRORED, with everything it has. */
  private fail(what: string): void {
    if (!this.halt.reason) this.journal.note('error', what)
    this.halt.now({ end: 'ERRORED', by: what })
  }
}
