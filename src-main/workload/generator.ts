/**
 * The open loop of one client group: hands each request to the client at its intended start, whatever became of those before it. A request
 * that can't be handed over, because too many are in flight or too many records wait for the engine, is counted.
 */
import type { OperationRecord } from '@shared/run/operation'
import type { Client, Settled } from './client'
import type { LoadChange } from '@shared/run/load-change'
import type { GroupConfig, GroupReading } from './child'
import type { Outbox } from './outbox'
import { RequestSchedule, type ScheduledRequest } from './schedule'
import type { Seconds } from './seconds'
import { LastSeen } from './seen'
import { Sessions, type ClientSession, type SessionFate } from './sessions'
import { checkValue } from './value'

const OVERDUE_NS = 1e9

export interface Totals {
  intended: number
  notSent: number
}

/** @returns how many requests may be in flight: a client's patience times its rate, twice */
export function inFlightMax({ ratePerS, client }: Pick<GroupConfig['load'], 'ratePerS' | 'client'>): number {
  return Math.max(1000, Math.ceil((2 * ratePerS * client.readTimeoutMs) / 1000))
}

export class Generator {
  readonly totals: Totals = { intended: 0, notSent: 0 }
  private readonly asked = { toFirstKey: 0, values: 0, valueBytes: 0 }
  private readonly schedule: RequestSchedule
  private isStopped = false
  private readonly pending = new Set<ScheduledRequest>()
  private readonly sessions: Sessions
  private readonly seen = new LastSeen()
  private inFlightMax: number
  /** the fastest it was ever asked: a bound must not fall while requests are in flight */
  private fastestPerS: number

  /** @param now ns since load start */
  constructor(
    seed: number,
    durationMs: number,
    private readonly group: GroupConfig,
    private readonly client: Client,
    private readonly seconds: Seconds,
    private readonly outbox: Outbox,
    private readonly now: () => number,
  ) {
    this.schedule = new RequestSchedule(seed, group.load, durationMs)
    this.sessions = new Sessions(group.clientPrefix)
    this.fastestPerS = group.load.ratePerS
    this.inFlightMax = inFlightMax(group.load)
  }

  /** When the next request is due; null = no more. */
  nextNs(): number | null {
    return this.isStopped ? null : this.schedule.nextNs()
  }

  /** Sends everything whose time has come. */
  sendDue(nowNs = this.now()): void {
    for (let atNs = this.nextNs(); atNs !== null && atNs <= nowNs; atNs = this.nextNs()) {
      const request = this.schedule.take(atNs)
      this.count(request)
      this.seconds.intended(atNs)
      if (this.pending.size < this.inFlightMax && !this.outbox.isFull()) void this.send(request)
      else this.totals.notSent++
    }
  }

  /** Asks otherwise from now on; what was due by now is sent as it was. */
  change(id: string, change: LoadChange | null): void {
    if (this.isStopped) return // nothing is asked any more
    const nowNs = this.now() // of one moment: what falls due between two would belong to neither rate
    this.sendDue(nowNs)
    this.schedule.change(id, change, nowNs)
    const { load } = this.group
    if (change?.kind === 'rate') this.fastestPerS = Math.max(this.fastestPerS, change.ratePerS)
    if (change?.kind === 'ramp') this.fastestPerS = Math.max(this.fastestPerS, change.toPerS)
    this.inFlightMax = inFlightMax({ ...load, ratePerS: this.fastestPerS })
    this.client.limit(this.pool())
  }

  /** No further request; what was due by now is still sent. */
  stop(): void {
    this.sendDue()
    this.isStopped = true
  }

  /** Whether everything intended is settled. */
  isDone(): boolean {
    return this.nextNs() === null && this.pending.size === 0
  }

  close(): void {
    this.client.close()
  }

  reading(): GroupReading {
    const { intended } = this.totals
    return { name: this.group.load.name, inFlight: this.pending.size, pool: this.pool(), ...this.client.connections(), intended, ...this.asked }
  }

  /** @returns requests in flight that were intended more than a second ago */
  overdue(): number {
    const limitNs = this.now() - OVERDUE_NS
    let overdue = 0
    for (const { intendedNs } of this.pending) if (intendedNs < limitNs) overdue++
    return overdue
  }

  private count({ key, value }: ScheduledRequest): void {
    this.totals.intended++
    if (key === this.schedule.firstKey) this.asked.toFirstKey++
    if (value === null) return
    this.asked.values++
    this.asked.valueBytes += value.length // ASCII
  }

  private pool(): number | null {
    return this.schedule.newest('pool')?.size ?? this.group.load.client.pool
  }

  private async send(request: ScheduledRequest): Promise<void> {
    const { op, key, value, intendedNs } = request
    const session = this.sessions.take()
    const expect = op === 'cas' ? this.seen.value(key) : null
    this.pending.add(request)
    this.seconds.sent(intendedNs)
    const settled = await this.client.execute({ op, key, value, expect, client: session.id, seq: session.seq })
    this.pending.delete(request)
    this.sessions.giveBack(session, fateOf(op, settled))
    const record = recordOf(request, expect, session, settled)
    const { outcome, isTimedOut, begunNs, settledNs } = settled
    const responseNs = outcome === 'ok' || isTimedOut ? settledNs - intendedNs : null
    this.seconds.settled(intendedNs, outcome, begunNs - intendedNs, responseNs)
    this.seen.note(record)
    this.outbox.add(record)
  }
}

function fateOf(op: ScheduledRequest['op'], { outcome, error }: Settled): SessionFate {
  if (op === 'get') return 'kept'
  if (outcome === 'ok') return 'executed'
  // 409: the node knows another Seq of this client. 413: an append too long may have been applied, and its Seq remembered
  return outcome === 'unknown' || error === '409' || error === '413' ? 'lost' : 'kept'
}

function recordOf(
  { op, key, value, intendedNs }: ScheduledRequest,
  expect: string | null,
  session: ClientSession,
  settled: Settled,
): OperationRecord {
  const { outcome, startNs, settledNs, isTimedOut, node, attempts, result, swapped, index, prior, error } = settled
  return {
    client: session.id,
    key,
    op,
    ...(value !== null && { value }),
    ...(op === 'cas' && { expect }),
    outcome,
    ...(result !== undefined && { result }),
    ...(swapped !== undefined && { swapped }),
    ...(index !== undefined && { index }),
    ...(prior !== undefined && { prior }),
    intended_ns: intendedNs,
    start_ns: startNs,
    end_ns: outcome === 'unknown' ? null : settledNs,
    settled_ns: settledNs,
    censored: isTimedOut,
    checked: typeof result !== 'string' || checkValue(key, result),
    node,
    attempts,
    ...(error !== undefined && { error }),
  }
}
