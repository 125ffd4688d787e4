/**
 * Clients of a simulated cluster: each has one operation outstanding, believes in some leader, follows hints, retries
 * under its session (exactly once), and writes down what it did and what it learned, as a history for the judge.
 */
import { drawIndex } from '@shared/stats/random'
import type { Operation } from '@shared/run/operation'
import type { Agenda } from './agenda'
import { Asking } from './asking'
import type { Course } from './course'
import type { Coverage } from './coverage'
import type { HistoryHash } from './history-hash'
import type { Invariants } from './invariants'
import type { SimNode } from './nodes'
import type { ClientPlan } from './plan'
import type { Reply } from './requests'

export interface ClientWorld {
  readonly agenda: Agenda
  readonly nodes: readonly SimNode[]
  readonly coverage: Coverage
  readonly hash: HistoryHash
  readonly invariants: Invariants
  readonly history: Operation[]
  readonly course: Pick<Course, 'mayBegin' | 'isOver' | 'began' | 'ended'>
}

interface Attempted {
  operation: Operation
  data: Uint8Array | null
  /** an attempt may have reached a log */
  isUncertain: boolean
  attempts: number
  deadlineMs: number
}

const ATTEMPTS_MAX = 12

export class Client {
  #believed: number
  readonly #asking: Asking

  constructor(
    private readonly name: string,
    private readonly plan: ClientPlan,
    private readonly world: ClientWorld,
    private readonly random: () => number,
  ) {
    this.#believed = drawIndex(random, world.nodes.length)
    this.#asking = new Asking(name, plan, random)
  }

  /** Thinks, then does the next operation. */
  think(): void {
    const { thinkMs, burst } = this.plan
    const waitMs = this.random() < burst ? this.random() * 20 : this.random() * 2 * thinkMs
    this.world.agenda.after(waitMs, () => {
      if (this.world.course.mayBegin()) this.#begin()
      else if (!this.world.course.isOver()) this.think()
    })
  }

  #begin(): void {
    const { agenda, history } = this.world
    const { operation, data } = this.#asking.next(Math.round(agenda.nowMs * 1e6))
    history.push(operation)
    this.world.course.began()
    this.#attempt({
      operation,
      data,
      isUncertain: false,
      attempts: 0,
      deadlineMs: agenda.nowMs + this.plan.deadlineMs,
    })
  }

  #attempt(attempted: Attempted): void {
    const { agenda, nodes, coverage } = this.world
    const { timeoutMs } = this.plan
    const node = nodes[this.#believed]!
    const attempt = ++attempted.attempts
    let isAnswered = false
    const answer = (reply: Reply): void => {
      if (isAnswered || attempted.attempts !== attempt) return
      isAnswered = true
      this.#answered(attempted, reply)
    }
    agenda.after(this.#delayMs(), () => {
      if (!node.isUp) return agenda.after(this.#delayMs(), () => answer({ kind: 'refused' }))
      const { life } = node
      const settle = (reply: Reply): void => {
        if (this.random() >= this.plan.lostReplies) agenda.after(this.#delayMs(), () => answer(reply))
      }
      node.happen(life, () => {
        if (attempted.data === null) node.requests.read(attempted.operation.key, this.plan.leases, settle)
        else node.requests.write(attempted.data, settle)
      })
    })
    agenda.after(timeoutMs, () => {
      if (!isAnswered && attempted.attempts === attempt) coverage.met('write of unknown fate')
      answer({ kind: 'unknown' })
    })
  }

  #answered(attempted: Attempted, reply: Reply): void {
    const { operation } = attempted
    switch (reply.kind) {
      case 'read':
        operation.result = reply.value
        this.#asking.read(operation.key, reply.value)
        this.world.coverage.met('read served')
        return this.#end(attempted, 'ok')
      case 'applied':
        return this.#applied(attempted, reply.answer)
      case 'not-leader': {
        const { nodes } = this.world
        const hinted = nodes.findIndex(({ id }) => id === reply.leader)
        this.#believed = hinted >= 0 ? hinted : drawIndex(this.random, nodes.length)
        return this.#retry(attempted)
      }
      case 'refused':
        this.#believed = drawIndex(this.random, this.world.nodes.length)
        return this.#retry(attempted)
      case 'unknown':
        if (operation.op === 'get') this.world.coverage.met('read failed')
        else attempted.isUncertain = true
        // who stays with a leader that was cut off lets its log grow past that of its successor
        if (this.random() < 0.4) this.#believed = drawIndex(this.random, this.world.nodes.length)
        // without a session a second try could act twice
        if (attempted.isUncertain && !this.plan.sessions) return this.#end(attempted, 'unknown')
        return this.#retry(attempted)
    }
  }

  #applied(attempted: Attempted, answer: Extract<Reply, { kind: 'applied' }>['answer']): void {
    const { operation } = attempted
    const { coverage, invariants } = this.world
    if (answer.kind === 'session-expired') {
      coverage.met('session expired')
      this.#asking.beginSession()
      return this.#end(attempted, attempted.isUncertain ? 'unknown' : 'fail')
    }
    if (answer.kind !== 'done') return this.#end(attempted, attempted.isUncertain ? 'unknown' : 'fail')
    invariants.acknowledged(this.name, answer.index, answer.term, attempted.data)
    operation.index = answer.index
    operation.prior = answer.prior === null ? null : Buffer.from(answer.prior).toString()
    if (answer.swapped !== null) operation.swapped = answer.swapped
    this.#asking.wrote(operation)
    coverage.met('write acknowledged')
    if (attempted.isUncertain) coverage.met('write retried and acknowledged')
    if (operation.op === 'cas') coverage.met(operation.swapped ? 'cas swapped' : 'cas refused')
    if (operation.op === 'append' || operation.op === 'delete') coverage.met(operation.op)
    this.#end(attempted, 'ok')
  }

  #retry(attempted: Attempted): void {
    const { agenda } = this.world
    if (attempted.attempts >= ATTEMPTS_MAX || agenda.nowMs >= attempted.deadlineMs) {
      return this.#end(attempted, attempted.isUncertain ? 'unknown' : 'fail')
    }
    agenda.after(this.random() * this.plan.backoffMs, () => this.#attempt(attempted))
  }

  #end({ operation }: Attempted, outcome: Operation['outcome']): void {
    const { agenda, hash } = this.world
    operation.outcome = outcome
    if (outcome !== 'unknown') operation.end_ns = Math.round(agenda.nowMs * 1e6)
    hash.number(agenda.nowMs)
    hash.text(`${operation.client}${operation.op}${operation.key}${outcome}${operation.result ?? operation.prior ?? ''}`)
    this.world.course.ended()
    this.think()
  }

  #delayMs(): number {
    return 0.2 + this.random() * this.plan.delayMs
  }
}
