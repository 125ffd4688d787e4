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

/**
 * Writes that were proposed together, under the log indexes from `first` on. Few large records in an array and no map with
 * one a write: V8's map leaves a trail of its former tables, each with what it held, and writes that come and go by the
 * thousand keep that trail, and all their requests with it, alive through one scavenge after the other.
 */
interface Proposed {
  first: number
  term: number
  deadlineMs: number
  /** undefined: answered */
  settles: (Settle | undefined)[]
  unanswered: number
}

export class PendingWrites {
  private arrivedData: Uint8Array[] = []
  private arrivedSettles: Settle[] = []
  /** arrival of the oldest that was not proposed yet */
  private arrivedSinceMs = Infinity
  /** indexes and deadlines rise, since all writes have the same time */
  private proposed: Proposed[] = []
  private waitingCount = 0

  constructor(private readonly requestTimeoutMs: number) {}

  get size(): number {
    return this.waitingCount + this.arrivedData.length
  }

  /** some wait to be proposed */
  get hasArrived(): boolean {
    return this.arrivedData.length > 0
  }

  /** some were proposed and wait to be applied */
  get areProposed(): boolean {
    return this.waitingCount > 0
  }

  add(data: Uint8Array, settle: Settle, nowMs: number): void {
    if (this.size >= PENDING_WRITES_MAX) return settle({ kind: 'overloaded' })
    if (this.arrivedData.length === 0) this.arrivedSinceMs = nowMs
    this.arrivedData.push(data)
    this.arrivedSettles.push(settle)
  }

  /** Hands what has arrived to the core, as one batch. */
  propose(raft: Pick<Raft, 'propose'>, nowMs: number): void {
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
    // older writes of ours at these indexes were overwritten by another leader and then by us
    this.giveUp(({ first, settles: { length } }) => first + length > result.index, 'the entry was overwritten', result.index)
    this.proposed.push({ first: result.index, term: result.term, deadlineMs, settles, unanswered: settles.length })
    this.waitingCount += settles.length
  }

  applied(entry: Entry, answer: Applied): void {
    for (let at = 0; at < this.proposed.length; at++) {
      const proposed = this.proposed[at]!
      const place = entry.index - proposed.first
      if (place < 0) return
      if (place >= proposed.settles.length) continue // a snapshot was installed over these; nothing else tells what became of them
      const settle = proposed.settles[place]
      if (settle === undefined) continue // overwritten: a later batch may have this index again
      proposed.settles[place] = undefined
      proposed.unanswered--
      this.waitingCount--
      if (proposed.unanswered === 0) this.proposed.splice(at, 1)
      if (proposed.term !== entry.term || answer.kind === 'nothing') {
        settle({ kind: 'unknown', reason: 'another entry was committed in its place' })
      } else {
        settle(answer)
      }
      return
    }
  }

  /** This node leads no more (or in a newer term): what it appended may be committed or overwritten by others. */
  steppedDown(leadsTerm: number | null): void {
    this.giveUp(({ term }) => term !== leadsTerm, 'the leader stepped down before the write was known to be committed')
  }

  /** when `expire` next has something to do */
  nextDeadlineMs(): number {
    return this.proposed[0]?.deadlineMs ?? this.arrivedDeadlineMs()
  }

  expire(nowMs: number): void {
    if (this.arrivedDeadlineMs() <= nowMs) {
      const reason = `the log took nothing for ${this.requestTimeoutMs} ms`
      for (const settle of this.takeArrived()) settle({ kind: 'unavailable', reason })
    }
    if (this.nextDeadlineMs() > nowMs) return
    this.giveUp(({ deadlineMs }) => deadlineMs <= nowMs, `not known to be committed within ${this.requestTimeoutMs} ms`)
  }

  stop(): void {
    for (const settle of this.takeArrived()) settle({ kind: 'unavailable', reason: 'the node is stopping' })
    this.giveUp(() => true, 'the node stopped before the write was known to be committed')
  }

  /** Answers those for which nothing more can be known; of a batch that is met only the writes at `fromIndex` and behind. */
  private giveUp(isMet: (proposed: Proposed) => boolean, reason: string, fromIndex = 0): void {
    for (const proposed of this.proposed.filter(isMet)) {
      for (let place = Math.max(0, fromIndex - proposed.first); place < proposed.settles.length; place++) {
        const settle = proposed.settles[place]
        if (settle === undefined) continue
        proposed.settles[place] = undefined
        proposed.unanswered--
        this.waitingCount--
        settle({ kind: 'unknown', reason })
      }
    }
    this.proposed = this.proposed.filter(({ unanswered }) => unanswered > 0)
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
