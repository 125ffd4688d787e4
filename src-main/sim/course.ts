/**
 * The course of a world: faults first; then everything heals and the cluster has to converge in bounded virtual time;
 * then nobody asks any more, and who still waits gets an answer.
 */
import type { Operation } from '@shared/run/operation'
import type { Agenda } from './agenda'
import type { Coverage } from './coverage'
import type { Invariants } from './invariants'
import type { Nemesis } from './nemesis'
import type { SimNode } from './nodes'
import { OPERATIONS_MIN, VIRTUAL_MS_MIN, type WorldPlan } from './plan'
import { Violation } from './violation'

/** What a course goes through. */
export interface Lived {
  readonly agenda: Agenda
  readonly coverage: Coverage
  readonly invariants: Invariants
  readonly nodes: readonly SimNode[]
  readonly history: readonly Operation[]
  leader(): SimNode | null
}

/** Faults may go on for this long after their time, until the world has met what it owes. */
const EXTENSION_MAX_MS = 60_000
/** Then it is owed operations at most: a healed cluster answers each at once, so that this is enough for the slowest clients. */
const HEALED_MAX_MS = 300_000
const POLL_MS = 100
/** to converge, in longest election timeouts; the slowest part is a node that has to be brought up to date */
const CONVERGE_TIMEOUTS = 30

export class Course {
  #phase: 'faults' | 'healed' | 'drained' = 'faults'
  /** operations that have no answer yet */
  #waiting = 0

  constructor(
    private readonly plan: WorldPlan,
    private readonly world: Lived,
    private readonly nemesis: Nemesis,
  ) {}

  /** @throws Violation when the cluster does not converge, or whatever a step of it throws */
  run(): void {
    const { plan, nemesis } = this
    const { agenda, nodes, invariants, history } = this.world
    for (const node of nodes) node.start()
    nemesis.schedule(plan.timeline)
    agenda.runUntil(plan.faultsUntilMs)
    this.#extendWhile(() => this.#owes(), EXTENSION_MAX_MS)

    nemesis.heal()
    this.#phase = 'healed'
    const target = invariants.committed.length + 1
    this.#await(() => this.#hasConverged(target), 'converges after the heal')
    this.#extendWhile(() => history.length < OPERATIONS_MIN, HEALED_MAX_MS) // who could be asked little before is asked now
    this.#phase = 'drained'
    this.#await(() => this.#waiting === 0 && this.#hasConverged(invariants.committed.length), 'answers every client after the heal')
    agenda.runUntil(VIRTUAL_MS_MIN)
  }

  /** whether a client may begin another operation: they are spread over the time of the faults, and go on after the heal */
  mayBegin(): boolean {
    if (this.#phase !== 'faults') return this.#phase === 'healed'
    const { operations, faultsUntilMs } = this.plan
    const { history, agenda } = this.world
    return history.length < operations * Math.min(1, agenda.nowMs / (0.95 * faultsUntilMs)) + 5
  }

  /** nobody will be asked any more */
  isOver(): boolean {
    return this.#phase === 'drained'
  }

  began(): void {
    this.#waiting++
  }

  ended(): void {
    this.#waiting--
  }

  /** What a world under faults must have met before it may heal. */
  #owes(): boolean {
    const { history, coverage } = this.world
    if (history.length < OPERATIONS_MIN) return true
    const isCrashPlanned = this.plan.timeline.some(({ kind }) => kind === 'crash-while-writing')
    return isCrashPlanned && coverage.times('crash that lost unsynced data') === 0
  }

  #extendWhile(owes: () => boolean, maxMs: number): void {
    const { agenda } = this.world
    const untilMs = agenda.nowMs + maxMs
    while (agenda.nowMs < untilMs && owes()) agenda.runUntil(agenda.nowMs + POLL_MS)
  }

  #await(isDone: () => boolean, what: string): void {
    const { plan } = this
    const { agenda } = this.world
    const deadlineMs = agenda.nowMs + CONVERGE_TIMEOUTS * plan.electionTimeoutMs[1] + 2 * Math.max(...plan.clients.map((client) => client.deadlineMs))
    while (!isDone()) {
      if (agenda.nowMs >= deadlineMs) throw new Violation('liveness', what, this.#standing())
      agenda.runUntil(agenda.nowMs + POLL_MS)
    }
  }

  #hasConverged(target: number): boolean {
    const { nodes } = this.world
    const leader = this.world.leader()
    if (leader === null) return false
    const { voters, learners } = leader.raft!.status().membership
    const members = nodes.filter(({ id }) => voters.includes(id) || learners.includes(id))
    return members.every((node) => node.isLost || (node.isUp && node.machine.applied >= target))
  }

  #standing(): string {
    const nodes = this.world.nodes.map((node) => {
      if (node.raft === null) return `${node.id} ${node.isLost ? 'lost' : 'down'}`
      const { role, term, commit, applied, last, leader } = node.raft.status()
      return `${node.id} ${role} of term ${term} under ${leader}, commit ${commit}, applied ${applied}, last ${last}`
    })
    return `${this.world.invariants.committed.length} committed; ${nodes.join('; ')}; ${this.#waiting} operations open`
  }
}
