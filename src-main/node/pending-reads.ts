/**
 * Linearizable reads from their arrival to their answer. Those that arrive in one turn share one ReadIndex, or one look
 * at the lease; once leadership is certain they wait until the state machine has reached that index.
 */
import type { Raft, ReadState } from '../raft/types'
import type { ReadAnswer, ReadConsistency, Refused } from './answers'
import type { StateMachine } from './state/machine'

export const PENDING_READS_MAX = 10_000

interface Waiting {
  key: string
  settle: (answer: ReadAnswer) => void
}

interface Group {
  /** the core knows them under it */
  handle: number
  deadlineMs: number
  reads: Waiting[]
}

export class PendingReads {
  private readonly arrived: Record<ReadConsistency, Waiting[]> = { linearizable: [], lease: [] }
  /** oldest first, few; in an array for the reason that writes are (`pending-writes.ts`) */
  private readonly groups: Group[] = []
  /** confirmed, and ahead of what is applied here */
  private confirmed: ReadState[] = []
  private lastHandle = 0
  private count = 0

  constructor(private readonly requestTimeoutMs: number) {}

  get size(): number {
    return this.count
  }

  add(key: string, settle: (answer: ReadAnswer) => void, consistency: ReadConsistency = 'linearizable'): void {
    if (this.count >= PENDING_READS_MAX) return settle({ kind: 'overloaded' })
    this.count++
    this.arrived[consistency].push({ key, settle })
  }

  ask(raft: Raft, nowMs: number): void {
    if (this.arrived.lease.length > 0) this.askFor('lease', raft, nowMs)
    if (this.arrived.linearizable.length > 0) this.askFor('linearizable', raft, nowMs)
  }

  private askFor(consistency: ReadConsistency, raft: Raft, nowMs: number): void {
    const handle = ++this.lastHandle
    this.groups.push({ handle, deadlineMs: nowMs + this.requestTimeoutMs, reads: this.arrived[consistency] })
    this.arrived[consistency] = []
    let result = consistency === 'lease' ? raft.readLease(handle, nowMs) : raft.readIndex(handle, nowMs)
    // a leader that is not certain enough asks its quorum: slower, and just as right
    if (!result.ok && result.reason === 'no-lease') result = raft.readIndex(handle, nowMs)
    if (!result.ok) this.refuse(handle, { kind: 'not-leader', leader: result.leader, term: result.term })
  }

  confirm(states: readonly ReadState[]): void {
    for (const state of states) this.confirmed.push(state)
  }

  refuse(handle: number, refusal: Refused): void {
    for (const { settle } of this.take(handle)) settle(refusal)
  }

  /** Answers every confirmed read that the state machine has caught up with. */
  answer(machine: StateMachine): void {
    if (this.confirmed.length === 0) return
    const ahead: ReadState[] = []
    for (const state of this.confirmed) {
      if (state.index > machine.applied) ahead.push(state)
      else for (const { key, settle } of this.take(state.read)) settle({ kind: 'read', value: machine.get(key), index: machine.applied })
    }
    this.confirmed = ahead
  }

  nextDeadlineMs(): number {
    return this.groups[0]?.deadlineMs ?? Infinity
  }

  expire(nowMs: number): void {
    while (this.nextDeadlineMs() <= nowMs) {
      this.refuse(this.groups[0]!.handle, { kind: 'unavailable', reason: `no quorum confirmed this leader within ${this.requestTimeoutMs} ms` })
    }
  }

  stop(): void {
    const refusal: Refused = { kind: 'unavailable', reason: 'the node is stopping' }
    for (const { handle } of [...this.groups]) this.refuse(handle, refusal)
    for (const { settle } of [...this.arrived.lease.splice(0), ...this.arrived.linearizable.splice(0)]) settle(refusal)
    this.count = 0
  }

  private take(handle: number): Waiting[] {
    const at = this.groups.findIndex((group) => group.handle === handle)
    const [group] = at < 0 ? [] : this.groups.splice(at, 1)
    if (group === undefined) return [] // its deadline passed before the core was done with it
    this.count -= group.reads.length
    return group.reads
  }
}
