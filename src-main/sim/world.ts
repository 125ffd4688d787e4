/**
 * One world: a whole cluster in virtual time, from a plan to a verdict. It puts the parts together, says what each sees
 * of the others, lets the world take its course, and has the clients' history judged.
 */
import type { Operation } from '@shared/run/operation'
import { seededRandom } from '@shared/stats/random'
import type { CoreEvent, Message, NodeId, RaftConfig } from '../raft/types'
import { Agenda } from './agenda'
import { Chronicle } from './chronicle'
import { Client } from './clients'
import { CoreConfigs } from './core-configs'
import { Course } from './course'
import { Coverage, type Covered } from './coverage'
import { type Failure, failureOf } from './failure'
import { HistoryHash } from './history-hash'
import { Invariants } from './invariants'
import { hashMessage } from './message-hash'
import { Nemesis } from './nemesis'
import { Network } from './network'
import { SimNode } from './nodes'
import { OPERATIONS_MIN, VIRTUAL_MS_MIN, type WorldPlan } from './plan'
import type { StoredSnapshot } from './stored-snapshot'
import type { Surroundings } from './surroundings'
import { Violation } from './violation'

/** Judges the clients' history; handed in, since the judge lives on a higher floor. */
export type JudgeHistory = (history: readonly Operation[]) => { verdict: 'ok' | 'violated' | 'unknown'; key?: string }

export interface WorldResult {
  seed: number
  failure: Failure | null
  digest: [number, number]
  steps: number
  elections: number
  virtualMs: number
  operations: number
  covered: Covered[]
}

export function runWorld(plan: WorldPlan, judge: JudgeHistory): WorldResult {
  return new World(plan, judge).run()
}

class World implements Surroundings {
  readonly agenda = new Agenda()
  readonly hash = new HistoryHash()
  readonly coverage = new Coverage()
  readonly invariants = new Invariants((id) => this.#node(id).disk.durable)
  readonly network: Network
  readonly nodes: readonly SimNode[]
  readonly history: Operation[] = []
  readonly random: () => number
  steps = 0
  #elections = 0
  readonly #chronicle: Chronicle
  readonly #nemesis: Nemesis
  readonly course: Course
  readonly #clients: readonly Client[]
  readonly #syncRandom: () => number
  readonly #configs: CoreConfigs
  readonly #byId = new Map<NodeId, SimNode>()

  constructor(
    private readonly plan: WorldPlan,
    private readonly judge: JudgeHistory,
  ) {
    const { coverage } = this
    const stream = (name: string): (() => number) => seededRandom(plan.seed, name)
    this.random = stream('faults')
    this.#syncRandom = stream('disk')
    this.network = new Network(this.agenda, stream('network'), plan.nodes, plan.weather, {
      lost: () => coverage.met('message lost'),
      cutOff: () => coverage.met('message cut off'),
      replayed: () => coverage.met('message replayed'),
      clogged: () => coverage.met('path clogged'),
      overtaken: () => coverage.met('messages overtook'),
    })
    const ids = plan.clockRates.map((_rate, i) => `n${i + 1}`)
    this.#configs = new CoreConfigs(plan, ids.slice(0, plan.voters))
    this.nodes = plan.clockRates.map((rate, i) => new SimNode(ids[i]!, i, rate, this))
    for (const node of this.nodes) this.#byId.set(node.id, node)
    this.#chronicle = new Chronicle(coverage, plan.voters)
    this.#nemesis = new Nemesis(this)
    this.course = new Course(plan, this, this.#nemesis)
    this.#clients = plan.clients.map((client, i) => new Client(`c${i + 1}`, client, this, stream(`c${i + 1}`)))
    if (plan.clockRates.some((rate) => rate !== 1)) coverage.met('clock drifted')
  }

  run(): WorldResult {
    let failure: Failure | null = null
    try {
      for (const client of this.#clients) client.think()
      this.course.run()
      this.#judge()
    } catch (error) {
      failure = failureOf(error, { step: this.steps, atMs: this.agenda.nowMs })
    }
    const { agenda, history, coverage } = this
    if (agenda.nowMs >= VIRTUAL_MS_MIN) coverage.met('60 s of virtual time')
    if (history.length >= OPERATIONS_MIN) coverage.met('200 client operations')
    const networkFaults = ['partition', 'one-way partition', 'link cut', 'path clogged', 'storm of loss and replays'] as const
    if (networkFaults.reduce((sum, kind) => sum + coverage.times(kind), 0) >= 2) coverage.met('two network faults')
    this.#chronicle.end((index, term) => this.invariants.committed[index - 1]?.entry.term === term)
    if (coverage.times('snapshot installed') + coverage.times('membership change finished') > 0) {
      coverage.met('snapshot installed or membership change finished')
    }
    return {
      seed: this.plan.seed,
      failure,
      digest: this.hash.digest(),
      steps: this.steps,
      elections: this.#elections,
      virtualMs: agenda.nowMs,
      operations: history.length,
      covered: coverage.events(),
    }
  }

  config(id: NodeId, life: number): RaftConfig {
    return this.#configs.of(id, life)
  }

  send(message: Message, stamp: Buffer | null): void {
    const to = this.#node(message.to)
    const from = this.#node(message.from)
    this.network.send(this.network.link(from.number, to.number), () => {
      if (!to.isUp) return
      to.happen(to.life, () => {
        this.hash.number(this.agenda.nowMs)
        hashMessage(this.hash, message, from.number, to.number)
        to.receive(message, stamp)
      })
    })
  }

  get patienceMs(): number {
    const [minMs] = this.plan.electionTimeoutMs
    return this.plan.timers === 'adaptive' ? minMs / 2 : minMs
  }

  get snapshots(): WorldPlan {
    return this.plan
  }

  /** A stream takes longer than a message, and is cut by whatever cuts its link. */
  sendSnapshot(from: number, to: NodeId, snapshot: StoredSnapshot, taken: () => void): void {
    const node = this.#node(to)
    const slowMs = this.#syncRandom() * this.plan.electionTimeoutMs[1]
    this.agenda.after(slowMs, () => {
      this.network.send(this.network.link(from, node.number), () => {
        if (!node.isUp) return
        this.hash.word(snapshot.meta.index * 64 + from * 8 + node.number)
        const confirm = (): void => this.network.send(this.network.link(node.number, from), taken)
        node.happen(node.life, () => node.snapshots.receive(snapshot, confirm))
      })
    })
  }

  syncMs(node: number): number {
    const [min, max] = this.plan.syncMs
    return min + this.#syncRandom() * (max - min) + this.#nemesis.syncDelayMs[node]!
  }

  syncing(node: number, syncMs: number): void {
    this.#nemesis.writing(this.nodes[node]!, syncMs)
  }

  cutting(node: number, cutMs: number): void {
    this.#nemesis.cutting(this.nodes[node]!, cutMs)
  }

  told(node: number, event: CoreEvent): void {
    if (event.kind === 'role' && event.role === 'leader') this.#elections++
    this.#chronicle.take(this.nodes[node]!.role === 'leader', event)
  }

  mayLose(): boolean {
    const lost = this.nodes.filter((node) => node.isLost).length
    return 2 * (lost + 1) < this.plan.voters
  }

  leader(): SimNode | null {
    let best: SimNode | null = null
    for (const node of this.nodes) if (node.isUp && node.role === 'leader' && (best === null || node.term > best.term)) best = node
    return best
  }

  #judge(): void {
    const { verdict, key } = this.judge(this.history)
    if (verdict === 'unknown') this.coverage.met('history undecided')
    if (verdict === 'violated') throw new Violation('safety', 'linearizable', `no order explains what clients saw of key ${key}`)
  }

  #node(id: NodeId): SimNode {
    return this.#byId.get(id)!
  }
}
