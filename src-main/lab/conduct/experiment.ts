/** The measured part of a run: cluster up, load on, phases and timeline walked, load off. Ends early when halted. */
import { liveMetrics } from '@shared/plan/live-condition'
import { clientPrefix, groupNames, longestSettlingMs } from '@shared/plan/loads'
import { faultTimes, planDurationMs } from '@shared/plan/phases'
import type { Plan } from '@shared/plan/plan'
import { unfold } from '@shared/plan/unfold'
import { baseToxics } from '@shared/plan/standing'
import type { RunEvent } from '@shared/run/event'
import type { NodeConfig } from '../../node/child'
import { Cluster } from '../cluster/cluster'
import { Hands } from '../faults/hands'
import { endTogether } from '../faults/ending'
import { Lease } from '../faults/lease'
import { Traffic } from '../faults/traffic'
import type { Lab } from '../lab'
import type { RunClock } from '../launch/clock'
import { Generator } from './generator'
import { watchGuards } from './guards'
import type { Halt } from './halt'
import type { Journal } from './journal'
import { Leaders } from './leaders'
import type { LiveSource } from './live'
import type { Recorder } from './recorder'
import { type Surroundings, surroundingsOf } from './surroundings'
import { performTimeline } from './timeline'
import { LabWatch } from './watch'

const CLUSTER_READY_MS = 30_000
/** Load starts this long after the generator was told, so that it can prepare. */
const LOAD_LEAD_MS = 250
/** Beside the client's own deadline: batching and the way to us. */
const SETTLE_MARGIN_MS = 2_000

export interface ExperimentContext {
  plan: Plan
  seed: number
  lab: Lab
  clock: RunClock
  halt: Halt
  journal: Journal
  recorder: Recorder
  /** filled in as the experiment goes on; the live view is drawn from it */
  source: LiveSource
  /** the lab can't go on */
  fail: (what: string) => void
  nodeTest?: NodeConfig['test']
}

export class Experiment {
  cluster: Cluster | null = null
  generator: Generator | null = null
  notSent = 0
  private readonly leaders = new Leaders()
  private readonly traffic: Traffic
  private watch: LabWatch | null = null

  constructor(private readonly context: ExperimentContext) {
    this.traffic = new Traffic(context.plan.loads)
  }

  async perform(): Promise<void> {
    const { clock, halt, journal, source } = this.context
    const cluster = await this.startCluster()
    if (halt.reason) return
    journal.step('starting the load generator')
    const generator = this.startGenerator(cluster)
    await generator.untilReady()
    this.watch = this.startWatch(cluster)
    const loadStartNs = Math.round(clock.nowNs() + LOAD_LEAD_MS * 1e6)
    generator.start(loadStartNs)
    source.loadStartNs = loadStartNs
    await this.until(0)
    if (halt.reason) return
    journal.event({ atNs: loadStartNs, kind: 'load-start' })
    const around = surroundingsOf({ clock, halt, source, leaders: this.leaders, cluster })
    await Promise.all([this.walkPhases(), this.timeline(cluster, generator, around), this.guard(around)])
    journal.step('waiting for the last answers')
    await this.finishLoad()
  }

  /** What is in flight settles sooner once nothing is stopped or cut. */
  async breakOff(): Promise<void> {
    this.watch?.stop()
    if (!this.context.halt.reason || this.context.source.loadStartNs === null) return
    void endTogether(this.context.source.leases.map(({ lease }) => lease))
    await this.finishLoad()
  }

  private async startCluster(): Promise<Cluster> {
    const { plan, lab, clock, halt, journal, recorder, source, fail, nodeTest } = this.context
    const { nodes, raft } = plan.cluster
    journal.step(`starting ${nodes.length} nodes and their proxies`)
    const settings = { nodes, raft, baseToxics: baseToxics(plan), groups: groupNames(plan), direct: false }
    const cluster = new Cluster(lab, clock, nodeTest ? { ...settings, nodeTest } : settings, {
      event: (event) => {
        this.leaders.hear(event)
        journal.event(event)
      },
      ack: (ack) => {
        this.leaders.acknowledged(ack)
        recorder.ack(ack)
      },
      sample: (sample) => recorder.nodeSample(sample),
      broken: fail,
    })
    this.cluster = cluster
    await cluster.start()
    source.nodes = cluster.nodes
    journal.step('waiting for a leader that all nodes know')
    await cluster.ready(CLUSTER_READY_MS, () => halt.reason !== null)
    return cluster
  }

  private startGenerator(cluster: Cluster): Generator {
    const { plan, seed, lab, clock, recorder, source, fail } = this.context
    const config = {
      seed,
      groups: plan.loads.map((load) => ({
        load,
        clientPrefix: clientPrefix(load.name, plan),
        nodes: cluster.nodes.map(({ id }) => ({ id, port: cluster.clientPort(load.name, id) })),
      })),
      originNs: clock.originNs,
      durationMs: planDurationMs(plan),
    }
    this.generator = new Generator(lab, config, {
      batch: (batch) => {
        const { operations, inFlight, overdue, loopLagMsMax, cpuMs, rssBytes } = batch
        this.traffic.hear(batch, source.loadStartNs!)
        source.load.add(operations, { inFlight, overdue })
        recorder.addOperations(operations)
        recorder.labSample({ atNs: clock.nowNs(), process: 'generator', cpuMs, rssBytes, loopLagMsMax })
      },
      interval: (interval) => recorder.interval(interval),
      broken: fail,
    })
    return this.generator
  }

  private startWatch(cluster: Cluster): LabWatch {
    const { clock, journal, lab, recorder } = this.context
    return new LabWatch(clock, () => ({ toxiproxy: cluster.toxiproxy?.child.pid ?? null, janitor: lab.janitorPid }), {
      sample: (sample) => recorder.labSample(sample),
      suspended: (skewMs) => {
        const what = `the host was suspended or its clock set: wall and monotonic clock parted by ${Math.round(skewMs)} ms`
        journal.event({ atNs: clock.nowNs(), kind: 'instrument', what })
      },
    })
  }

  private async timeline(cluster: Cluster, generator: Generator, around: Surroundings): Promise<void> {
    const { plan, seed, lab, clock, halt, journal, source, fail } = this.context
    const hands = new Hands(cluster, generator)
    for (const spec of unfold(plan, seed)) {
      const { atMs, untilMs } = faultTimes(spec, plan)
      const record = (event: RunEvent): void => journal.eventNow(event)
      const lease = new Lease(spec, cluster, hands, this.traffic, lab, record, (why) => fail(`${spec.fault} ${spec.id}: ${why}`))
      source.leases.push({ lease, fromMs: atMs, toMs: untilMs })
    }
    await performTimeline({
      plan,
      seed,
      cluster,
      leases: source.leases,
      halt,
      fail,
      until: (ms) => this.until(ms),
      around,
      wallAt: (ms) => clock.startedWallMs + source.loadStartNs! / 1e6 + ms,
    })
  }

  private async walkPhases(): Promise<void> {
    const { halt, journal, plan, source } = this.context
    for (const { phase, fromMs } of source.phases) {
      await this.until(fromMs)
      if (halt.reason) return
      journal.phase(phase)
      journal.step('') // the phase says it all
    }
    await this.until(planDurationMs(plan))
  }

  private async guard(around: Surroundings): Promise<void> {
    const { clock, halt, journal, plan } = this.context
    const fired = await watchGuards(plan.guards, planDurationMs(plan), around)
    if (!fired) return
    const { when, metric } = fired.guard
    journal.event({ atNs: clock.nowNs(), kind: 'guard', when, observed: fired.observed, unit: liveMetrics[metric].unit })
    halt.now({ end: 'CANCELED', by: `guard: ${when}` })
  }

  private async finishLoad(): Promise<void> {
    const { clock, fail, halt, journal, plan } = this.context
    this.traffic.isOver = true
    const done = await this.generator!.finish(longestSettlingMs(plan) + SETTLE_MARGIN_MS)
    journal.event({ atNs: clock.nowNs(), kind: 'load-end' })
    if (done) this.notSent = done.notSent
    else if (!halt.reason) fail('the load generator did not report its last answers')
  }

  private sinceLoadMs(): number {
    return (this.context.clock.nowNs() - this.context.source.loadStartNs!) / 1e6
  }

  private until(ms: number): Promise<void> {
    return this.context.halt.orAfter(ms - this.sinceLoadMs())
  }
}
