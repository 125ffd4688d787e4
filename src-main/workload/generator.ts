/**
 * The open loop: hands each request to the client at its intended start, whatever became of those before it. A request
 * that can't be handed over, because too many are in flight or too many records wait for the engine, is counted.
 */
import type { OperationRecord } from '@shared/run/operation'
import type { Client, Settled } from './client'
import type { WorkloadConfig } from './child'
import type { Outbox } from './outbox'
import { scheduledRequests, type ScheduledRequest } from './schedule'
import { Seconds } from './seconds'
import { LastSeen } from './seen'
import { Sessions, type ClientSession, type SessionFate } from './sessions'
import { checkValue } from './value'

const OVERDUE_NS = 1e9

export interface Totals {
  intended: number
  notSent: number
}

/** @returns how many requests may be in flight: a client's patience times its rate, twice */
export function inFlightMax({ ratePerS, client }: WorkloadConfig['load']): number {
  return Math.max(1000, Math.ceil((2 * ratePerS * client.readTimeoutMs) / 1000))
}

export class Generator {
  readonly totals: Totals = { intended: 0, notSent: 0 }
  private readonly requests: Iterator<ScheduledRequest, undefined>
  private next: ScheduledRequest | undefined
  private readonly pending = new Set<ScheduledRequest>()
  private readonly sessions = new Sessions()
  private readonly seconds = new Seconds()
  private readonly seen = new LastSeen()
  private readonly inFlightMax: number
  /** load ends here, ns since load start: planned, or earlier when stopped */
  private endNs: number

  /** @param now ns since load start */
  constructor(
    config: WorkloadConfig,
    private readonly client: Client,
    private readonly outbox: Outbox,
    private readonly now: () => number,
  ) {
    this.requests = scheduledRequests(config.seed, config.load, config.durationMs)
    this.next = this.requests.next().value
    this.inFlightMax = inFlightMax(config.load)
    this.endNs = config.durationMs * 1e6
  }

  /** Sends everything whose time has come. */
  sendDue(): void {
    for (const nowNs = this.now(); this.next && this.next.intendedNs <= nowNs; this.next = this.requests.next().value) {
      this.totals.intended++
      this.seconds.intended(this.next.intendedNs)
      if (this.pending.size < this.inFlightMax && !this.outbox.isFull()) void this.send(this.next)
      else this.totals.notSent++
    }
  }

  /** No further request; what was due by now is still sent. */
  stop(): void {
    this.sendDue()
    this.next = undefined
    this.endNs = Math.min(this.endNs, Math.max(0, this.now()))
  }

  /** Hands the seconds to the outbox that are complete by now. @returns whether everything intended is settled */
  closeSeconds(): boolean {
    const isSent = this.next === undefined
    // the last second may be a part of one
    const untilNs = this.next ? Math.min(this.next.intendedNs, this.now()) : Math.ceil(this.endNs / 1e9) * 1e9
    this.outbox.addIntervals(this.seconds.takeFull(untilNs))
    return isSent && this.pending.size === 0
  }

  /** @returns requests in flight, and how many of them were intended more than a second ago */
  backlog(): { inFlight: number; overdue: number } {
    const limitNs = this.now() - OVERDUE_NS
    let overdue = 0
    for (const { intendedNs } of this.pending) if (intendedNs < limitNs) overdue++
    return { inFlight: this.pending.size, overdue }
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
