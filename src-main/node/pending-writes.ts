/**
 * Writes from their arrival to their answer. All that gather until the caller proposes go together; then each waits
 * under its log index until that entry is applied, the leader steps down, or its deadline passes.
 */
import type { Entry, Raft } from '../raft/types'
import type { WriteAnswer } from './answers'
import type { Applied } from './state/machine'

/** more than two seconds of the highest rate a node reaches; what is beyond would time out anyway */
export const PENDING_WRITES_MAX = 10_000

type Settle = (answer: WriteAnswer) => void

interface Waiting {
  term: number
  deadlineMs: number
  settle: Settle
}

export class PendingWrites {
  private arrivedData: Uint8Array[] = []
  private arrivedSettles: Settle[] = []
  /** arrival of the oldest that was not proposed yet */
  private arrivedSinceMs = Infinity
  /** by log index; deadlines rise with it, since all writes have the same time */
  private readonly waiting = new Map<number, Waiting>()

  constructor(private readonly requestTimeoutMs: number) {}

  get size(): number {
    return this.waiting.size + this.arrivedData.length
  }

  add(data: Uint8Array, settle: Settle, nowMs: number): void {
    if (this.size >= PENDING_WRITES_MAX) return settle({ kind: 'overloaded' })
    if (this.arrivedData.length === 0) this.arrivedSinceMs = nowMs
    this.arrivedData.push(data)
    this.arrivedSettles.push(settle)
  }

  /** Hands what has arrived to the core, as one batch. */
  propose(raft: Raft, nowMs: number): void {
    if (this.arrivedData.length === 0) return
    const data = this.arrivedData
    const deadlineMs = this.arrivedDeadlineMs()
    const settles = this.takeArrived()
    const result = raft.propose(data, nowMs)
    if (!result.ok) {
      const refusal: WriteAnswer =
        result.reason === 'overloaded' ? { kind: 'overloaded' } : { kind: 'not-leader', leader: result.leader, term: result.term }
      for (const settle of settles) settle(refusal)
      return
    }
    for (let i = 0; i < settles.length; i++) {
      const index = result.index + i
      // an older write of ours at this index was overwritten by another leader and then by us
      this.waiting.get(index)?.settle({ kind: 'unknown', reason: 'the entry was overwritten' })
      this.waiting.delete(index)
      this.waiting.set(index, { term: result.term, deadlineMs, settle: settles[i]! })
    }
  }

  applied(entry: Entry, answer: Applied): void {
    const waiting = this.waiting.get(entry.index)
    if (waiting === undefined) return
    this.waiting.delete(entry.index)
    if (waiting.term !== entry.term || answer.kind === 'nothing') {
      waiting.settle({ kind: 'unknown', reason: 'another entry was committed in its place' })
    } else {
      waiting.settle(answer)
    }
  }

  /** This node leads no more (or in a newer term): what it appended may be committed or overwritten by others. */
  steppedDown(leadsTerm: number | null): void {
    for (const [index, waiting] of this.waiting) {
      if (waiting.term === leadsTerm) continue
      this.waiting.delete(index)
      waiting.settle({ kind: 'unknown', reason: 'the leader stepped down before the write was known to be committed' })
    }
  }

  /** when `expire` next has something to do */
  nextDeadlineMs(): number {
    for (const { deadlineMs } of this.waiting.values()) return deadlineMs
    return this.arrivedDeadlineMs()
  }

  expire(nowMs: number): void {
    if (this.arrivedDeadlineMs() <= nowMs) {
      const reason = `the log took nothing for ${this.requestTimeoutMs} ms`
      for (const settle of this.takeArrived()) settle({ kind: 'unavailable', reason })
    }
    for (const [index, { deadlineMs, settle }] of this.waiting) {
      if (deadlineMs > nowMs) return
      this.waiting.delete(index)
      settle({ kind: 'unknown', reason: `not known to be committed within ${this.requestTimeoutMs} ms` })
    }
  }

  stop(): void {
    for (const settle of this.takeArrived()) settle({ kind: 'unavailable', reason: 'the node is stopping' })
    const unknown: WriteAnswer = { kind: 'unknown', reason: 'the node stopped before the write was known to be committed' }
    for (const { settle } of this.waiting.values()) settle(unknown)
    this.waiting.clear()
  }

  private arrivedDeadlineMs(): number {
    return this.arrivedSinceMs + this.requestTimeoutMs
  }

  private takeArrived(): Settle[] {
    const settles = this.arrivedSettles
    this.arrivedData = []
    this.arrivedSettles = []
    this.arrivedSinceMs = Infinity
    return settles
  }
}
