/** Client requests at one node, from arrival to answer, as a node process keeps them: by log index, or by read handle. */
import type { Entry, LogIndex, NodeId, Ready, Term } from '../raft/types'
import type { Applied } from '../node/state/machine'
import type { Host } from './surroundings'

export type Reply =
  | { kind: 'applied'; answer: Applied }
  | { kind: 'read'; value: string | null; index: LogIndex }
  /** appended to no log: certainly without effect */
  | { kind: 'not-leader'; leader: NodeId | null }
  | { kind: 'refused' }
  /** appended, and nobody knows whether it will be committed */
  | { kind: 'unknown' }

export type Settle = (reply: Reply) => void

interface WaitingRead {
  key: string
  settle: Settle
  committedWhenAsked: LogIndex
}

export class Requests {
  readonly #writes = new Map<LogIndex, { term: Term; settle: Settle }>()
  readonly #reads = new Map<number, WaitingRead>()
  /** confirmed, and ahead of what is applied */
  #confirmed: { read: WaitingRead; index: LogIndex }[] = []
  #lastHandle = 0

  constructor(private readonly node: Host) {}

  write(data: Uint8Array, settle: Settle): void {
    const result = this.node.raft!.propose([data], this.node.localMs)
    if (result.ok) {
      // an older write of ours at this index was overwritten by another leader and then by us
      this.#writes.get(result.index)?.settle({ kind: 'unknown' })
      this.#writes.set(result.index, { term: result.term, settle })
    } else {
      settle(result.reason === 'not-leader' ? { kind: 'not-leader', leader: result.leader } : { kind: 'refused' })
    }
    this.node.pump()
  }

  /** @param byLease without a round if the leader's lease holds, which its clock has to be good enough for */
  read(key: string, byLease: boolean, settle: Settle): void {
    const handle = ++this.#lastHandle
    const { localMs, around } = this.node
    const raft = this.node.raft!
    const isLeased = byLease && raft.readLease(handle, localMs).ok
    if (isLeased) around.coverage.met('lease read served')
    const result = isLeased ? ({ ok: true } as const) : raft.readIndex(handle, localMs)
    if (result.ok) this.#reads.set(handle, { key, settle, committedWhenAsked: around.invariants.committed.length })
    else settle(result.reason === 'not-leader' ? { kind: 'not-leader', leader: result.leader } : { kind: 'refused' })
    this.node.pump()
  }

  applied(entry: Entry, answer: Applied): void {
    const waiting = this.#writes.get(entry.index)
    if (waiting === undefined) return
    this.#writes.delete(entry.index)
    // the answer names the entry that was executed: an earlier attempt's, whose own answer the client never got
    if (answer.kind === 'done' && answer.index !== entry.index) this.node.around.coverage.met('repeat answered from the session')
    waiting.settle(waiting.term === entry.term && answer.kind !== 'nothing' ? { kind: 'applied', answer } : { kind: 'unknown' })
  }

  confirm({ reads, failedReads }: Ready): void {
    for (const { read: handle, index } of reads) {
      const read = this.#reads.get(handle)!
      this.#reads.delete(handle)
      this.node.around.invariants.reads(this.node.id, index, read.committedWhenAsked)
      this.#confirmed.push({ read, index })
    }
    for (const handle of failedReads) {
      const read = this.#reads.get(handle)!
      this.#reads.delete(handle)
      read.settle({ kind: 'not-leader', leader: this.node.leader })
    }
    if (this.#confirmed.length === 0) return
    const { machine } = this.node
    const ahead = this.#confirmed.filter(({ index }) => index > machine.applied)
    for (const { read, index } of this.#confirmed) {
      if (index > machine.applied) continue
      const value = machine.get(read.key)
      const text = value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.length).toString()
      read.settle({ kind: 'read', value: text, index: machine.applied })
    }
    this.#confirmed = ahead
  }

  /** This node leads no more, or in a newer term. */
  steppedDown(leadsTerm: Term | null): void {
    for (const [index, { term, settle }] of this.#writes) {
      if (term === leadsTerm) continue
      this.#writes.delete(index)
      settle({ kind: 'unknown' })
    }
  }

  /** The process is gone: connections close. */
  drop(): void {
    for (const { settle } of this.#writes.values()) settle({ kind: 'unknown' })
    for (const { settle } of this.#reads.values()) settle({ kind: 'unknown' })
    for (const { read } of this.#confirmed) read.settle({ kind: 'unknown' })
    this.#writes.clear()
    this.#reads.clear()
    this.#confirmed = []
  }
}
