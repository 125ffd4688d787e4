/**
 * One run, from preflight to verdict: preflight → warm-up → baseline → faults → recovery → cleanup with proof →
 * verdict. Whatever happens on the way, everything is undone, and what was recorded can be read.
 */
import { createHash } from 'node:crypto'
import type { LiveFrame } from '@shared/api/live'
import { baseToxics } from '@shared/plan/expand'
import { faultTimes, phaseTimes, planDurationMs } from '@shared/plan/phases'
import type { Plan } from '@shared/plan/plan'
import type { Phase, RunEvent } from '@shared/run/event'
import type { ReportModel, RunEnd } from '@shared/run/report'
import { acquireMeasuring, type Measuring } from '../../janitor/measuring'
import type { NodeConfig } from '../../node/child'
import { Cluster } from '../cluster/cluster'
import { LabFailure, messageOf } from '../failure'
import { Lease } from '../faults/lease'
import { judgeInWorker } from '../judge/judge-in-worker'
import { Lab } from '../lab'
import { RunClock } from '../launch/clock'
import type { DataFolder } from '../launch/paths'
import { locateToxiproxy } from '../launch/toxiproxy'
import { newRunId } from '../store/runs'
import type { Store } from '../store/store'
import { cleanUp, type CleanupItem } from './cleanup'
import { Generator } from './generator'
import { GuardWatch } from './guards'
import { Halt, type HaltReason } from './halt'
import { hostOf, VERSION } from './host'
import { LiveView } from './live'
import { narrate } from './narrate'
import { Recorder } from './recorder'
import { performTimeline, type PlannedLease } from './timeline'
import { LabWatch } from './watch'
import { BIN_MS, LoadWindow } from './window'

const CLUSTER_READY_MS = 30_000
/** Load starts this long after the generator was told, so that it can prepare. */
const LOAD_LEAD_MS = 250
/** Beside the client's own deadline: batching and the way to us. */
const SETTLE_MARGIN_MS = 2_000

export interface RunRequest {
  plan: Plan
  planText: string
  seed: number
  store: Store
  data: DataFolder
  allowConcurrent?: boolean
  onFrame?: (frame: LiveFrame) => void
  /** what happens, one line each: ms since load start (null before it), who, what */
  onLine?: (atMs: number | null, source: string, text: string) => void
  /** what is being done now */
  onStep?: (step: string) => void
  nodeTest?: NodeConfig['test']
}

export class Run {
  readonly id: string
  private readonly clock = new RunClock()
  private readonly halt = new Halt()
  private readonly load = new LoadWindow()
  private readonly live: LiveView
  private readonly source
  private lab: Lab | null = null
  private cluster: Cluster | null = null
  private generator: Generator | null = null
  private recorder: Recorder | null = null
  private watch: LabWatch | null = null
  private leases: PlannedLease[] = []
  private notSent = 0
  private ended: LiveFrame['ended'] = null
  private frames: NodeJS.Timeout | null = null

  constructor(private readonly request: RunRequest) {
    this.id = newRunId(this.clock.startedWallMs, Math.random)
    const phases = phaseTimes(request.plan)
    this.source = {
      run: this.id,
      plan: request.plan,
      phases,
      phase: 'preflight' as Phase,
      step: 'preflight',
      nodes: [] as Cluster['nodes'],
      leases: this.leases,
      load: this.load,
      loadStartNs: null as number | null,
    }
    this.live = new LiveView(this.source)
  }

  /** Ends the run early; what is running is undone, and what was recorded is judged. */
  stop(by: string): void {
    this.halt.now({ end: 'CANCELED', by })
  }

  /**
   * @returns the report, whatever the end was
   * @throws LabFailure only when the run could not begin: Toxiproxy missing, another run measuring
   */
  async execute(): Promise<ReportModel> {
    const { plan, planText, seed, store, data } = this.request
    const toxiproxy = await locateToxiproxy(true)
    const measuring = acquireMeasuring({ allowConcurrent: this.request.allowConcurrent ?? false })
    if (!measuring) {
      throw new LabFailure('busy', 'another run is measuring on this machine; two at once would measure each other',
        'wait for it, or pass --allow-concurrent (both runs are then marked invalid)')
    }
    try {
      const lab = new Lab(data, { onJanitorRestart: () => this.note('warning', 'the janitor had ended; another one was started') })
      this.lab = lab
      store.createRun({
        run: this.id,
        title: plan.title,
        planText,
        planSha256: createHash('sha256').update(planText).digest('hex'),
        seed,
        startedWallMs: this.clock.startedWallMs,
        host: hostOf(toxiproxy.version),
        version: VERSION,
        lab: lab.dir,
      })
      lab.runBegun(this.id, data.database)
      this.recorder = new Recorder(store, this.id, (error) => this.fail(`the records could not be written: ${messageOf(error)}`))
      this.frames = setInterval(() => this.turn(), BIN_MS)
      try {
        await this.conduct(lab)
      } catch (error) {
        this.fail(messageOf(error))
      }
      const items = await this.clean(lab)
      return await this.close(measuring, items)
    } finally {
      if (this.frames) clearInterval(this.frames)
      this.watch?.stop()
      measuring.release()
    }
  }

  private async conduct(lab: Lab): Promise<void> {
    const { plan, seed } = this.request
    const ids = plan.cluster.nodes.map((node) => node.id)
    this.phase('preflight')
    this.step(`starting ${ids.length} nodes and their proxies`)
    const cluster = new Cluster(lab, this.clock, {
      ids,
      raft: plan.cluster.raft,
      baseToxics: baseToxics(plan),
      group: plan.load.name,
      direct: false,
      ...(this.request.nodeTest ? { nodeTest: this.request.nodeTest } : {}),
    }, {
      event: (event) => this.event(event),
      ack: (ack) => this.recorder!.ack(ack),
      sample: (sample) => this.recorder!.nodeSample(sample),
      broken: (what) => this.fail(what),
    })
    this.cluster = cluster
    await cluster.start()
    this.source.nodes = cluster.nodes
    this.step('waiting for a leader that all nodes know')
    await cluster.ready(CLUSTER_READY_MS, () => this.halt.reason !== null)
    if (this.halt.reason) return

    this.step('starting the load generator')
    const generator = this.startGenerator(lab, cluster)
    await generator.untilReady()
    this.watch = new LabWatch(this.clock, () => ({ toxiproxy: cluster.toxiproxy?.child.pid ?? null, janitor: lab.janitorPid }), {
      sample: (sample) => this.recorder!.labSample(sample),
      suspended: (skewMs) => this.event({ atNs: this.clock.nowNs(), kind: 'instrument', what: `the host was suspended or its clock set: wall and monotonic clock parted by ${Math.round(skewMs)} ms` }),
    })
    const loadStartNs = Math.round(this.clock.nowNs() + LOAD_LEAD_MS * 1e6)
    generator.start(loadStartNs)
    this.source.loadStartNs = loadStartNs
    await this.until(0)
    if (this.halt.reason) return
    this.event({ atNs: loadStartNs, kind: 'load-start' })
    await Promise.all([this.walkPhases(), this.timeline(lab, cluster, seed), this.guard()])
    this.step('waiting for the last answers')
    await this.finishLoad(generator)
  }

  private async timeline(lab: Lab, cluster: Cluster, seed: number): Promise<void> {
    const { plan } = this.request
    for (const spec of plan.timeline) {
      const { atMs, untilMs } = faultTimes(spec, plan)
      const lease = new Lease(spec, cluster, lab, (event) => this.eventNow(event))
      this.leases.push({ lease, fromMs: atMs, toMs: untilMs })
    }
    await performTimeline({
      plan,
      seed,
      cluster,
      leases: this.leases,
      halt: this.halt,
      until: (ms) => this.until(ms),
      fail: (what) => this.fail(what),
      wallAt: (ms) => this.clock.startedWallMs + this.source.loadStartNs! / 1e6 + ms,
    })
  }

  private async walkPhases(): Promise<void> {
    for (const { phase, fromMs } of this.source.phases) {
      await this.until(fromMs)
      if (this.halt.reason) return
      this.phase(phase)
      this.step(phase)
    }
    await this.until(planDurationMs(this.request.plan))
  }

  private async guard(): Promise<void> {
    const { plan } = this.request
    if (plan.guards.length === 0) return
    const watch = new GuardWatch(plan.guards)
    const endMs = planDurationMs(plan)
    for (;;) {
      await this.halt.orAfter(BIN_MS)
      const nowMs = this.sinceLoadMs()
      if (this.halt.reason || nowMs >= endMs) return
      const { availability } = this.load.now()
      const fired = watch.evaluate(nowMs, availability)
      if (!fired) continue
      this.event({ atNs: this.clock.nowNs(), kind: 'guard', when: fired.when, observed: availability! })
      return this.halt.now({ end: 'CANCELED', by: `guard: ${fired.when}` })
    }
  }

  private startGenerator(lab: Lab, cluster: Cluster): Generator {
    const { plan, seed } = this.request
    const config = {
      seed,
      load: plan.load,
      nodes: cluster.nodes.map((node) => ({ id: node.id, port: node.client })),
      originNs: this.clock.originNs,
      durationMs: planDurationMs(plan),
    }
    this.generator = new Generator(lab, config, {
      batch: ({ operations, overdue, loopLagMsMax, cpuMs, rssBytes }) => {
        this.load.add(operations, overdue)
        this.recorder!.addOperations(operations)
        this.recorder!.labSample({ atNs: this.clock.nowNs(), process: 'generator', cpuMs, rssBytes, loopLagMsMax })
      },
      interval: (interval) => this.recorder!.interval(interval),
      broken: (what) => this.fail(what),
    })
    return this.generator
  }

  private async finishLoad(generator: Generator): Promise<void> {
    const { connectTimeoutMs, readTimeoutMs } = this.request.plan.load.client
    const done = await generator.finish(connectTimeoutMs + readTimeoutMs + SETTLE_MARGIN_MS)
    this.event({ atNs: this.clock.nowNs(), kind: 'load-end' })
    if (done) this.notSent = done.notSent
    else if (!this.halt.reason) this.fail('the load generator did not report its last answers')
  }

  private async clean(lab: Lab): Promise<CleanupItem[]> {
    this.phase('cleanup')
    this.step('cleaning up')
    if (this.generator && this.halt.reason && this.source.loadStartNs !== null) {
      for (const { lease } of this.leases) void lease.end() // what is in flight settles sooner once nothing is stopped or cut
      await this.finishLoad(this.generator)
    }
    this.watch?.stop()
    return cleanUp({
      lab,
      cluster: this.cluster,
      generator: this.generator,
      leases: this.leases.map(({ lease }) => lease),
      report: (item) => this.event({ atNs: this.clock.nowNs(), kind: 'cleanup', ...item }),
    })
  }

  private async close(measuring: Measuring, items: CleanupItem[]): Promise<ReportModel> {
    const { store, plan } = this.request
    const reason: HaltReason | null = this.halt.reason
    const end: RunEnd = reason?.end ?? 'COMPLETED'
    this.recorder!.close()
    store.closeRun(this.id, {
      end,
      stoppedBy: reason?.by ?? null,
      invalid: measuring.wasAlone() ? [] : ['Another run was measuring on this machine at the same time.'],
      notSent: this.notSent,
      loadStartNs: this.source.loadStartNs,
      endedNs: this.clock.nowNs(),
    })
    this.step('judging')
    const model = await judgeInWorker(store.loadRecords(this.id), plan)
    store.saveModel(this.id, model)
    this.ended = { end, verdict: model.report.verdict, cleanup: { done: items.filter((item) => item.ok).length, of: items.length } }
    this.turn()
    return model
  }

  /** The lab can't go on: the run ends ERRORED, with everything it has. */
  private fail(what: string): void {
    if (!this.halt.reason) this.note('error', what)
    this.halt.now({ end: 'ERRORED', by: what })
  }

  private turn(): void {
    this.request.onFrame?.(this.live.frame(this.clock.nowNs(), this.ended))
  }

  private phase(phase: Phase): void {
    this.source.phase = phase
    this.event({ atNs: this.clock.nowNs(), kind: 'phase', phase })
  }

  private step(step: string): void {
    this.source.step = step
    this.request.onStep?.(step)
  }

  private note(level: 'info' | 'warning' | 'error', text: string): void {
    this.event({ atNs: this.clock.nowNs(), kind: 'note', level, text })
  }

  private event(event: RunEvent): void {
    this.recorder?.event(event)
    this.tell(event)
  }

  private eventNow(event: RunEvent): void {
    this.recorder?.eventNow(event)
    this.tell(event)
  }

  private tell(event: RunEvent): void {
    const text = narrate(event)
    if (text === null) return
    this.live.note(event, text)
    const { loadStartNs } = this.source
    this.request.onLine?.(loadStartNs === null ? null : (event.atNs - loadStartNs) / 1e6, 'node' in event ? event.node : event.kind, text)
  }

  private sinceLoadMs(): number {
    return (this.clock.nowNs() - this.source.loadStartNs!) / 1e6
  }

  private until(ms: number): Promise<void> {
    return this.halt.orAfter(ms - this.sinceLoadMs())
  }
}
