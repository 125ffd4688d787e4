/**
 * One node of a scripted world: the real core, with a clock, a disk and a state machine that do only what the script
 * says. It keeps the core's promises in order: send, write, send what waited for the write, apply.
 */
import { createRaft } from '../../../src-main/raft/raft'
import type { CoreEvent, Entry, LogIndex, Message, NodeId, Raft, RaftConfig, Ready } from '../../../src-main/raft/types'
import type { Checks } from './checks'
import { cutTo, endOf, writeEntries, writeTo } from './disk'
import type { Disk, Snapshot, State, Write } from './disk'

/** a core that always has more to do must not hang the script */
const READIES_MAX = 10_000

export interface Surroundings {
  send(message: Message): void
  sendSnapshot(from: ScriptedNode, to: NodeId): void
  tell(node: NodeId, event: CoreEvent): void
  say(line: string): void
  readonly checks: Checks
}

export class ScriptedNode {
  /** its own: clocks of nodes need not agree */
  clockMs = 0
  /** null while crashed */
  raft: Raft | null = null
  isPaused = false
  /** writes wait until the script lets the disk go on */
  isDiskStalled = false
  /** disk plus writes under way */
  log: Entry[] = []
  state: State = new Map()
  readonly #waiting: { write: Write; send: Message[] }[] = []
  #commit: LogIndex = 0
  #applied: LogIndex = 0

  constructor(
    readonly config: RaftConfig,
    readonly disk: Disk,
    readonly around: Surroundings,
  ) {
    this.start()
  }

  get id(): NodeId {
    return this.config.id
  }

  /** @throws while crashed: a script that asks a dead node something is wrong */
  get alive(): Raft {
    if (!this.raft) throw new Error(`${this.id} has crashed`)
    return this.raft
  }

  start(): void {
    if (this.raft) throw new Error(`${this.id} runs already`)
    const { hardState, snapshot, entries } = this.disk
    this.#commit = this.#applied = snapshot?.meta.index ?? 0
    this.state = snapshot?.state ?? new Map()
    const meta = snapshot?.meta ?? null
    this.raft = createRaft(this.config, { hardState: { ...hardState }, snapshot: meta, entries: entries.slice() }, this.clockMs)
    const { first, last } = this.raft.status() // what a snapshot covers is not in the log any more
    this.log = entries.filter(({ index }) => index >= first && index <= last)
    this.pump()
  }

  /** What was not written is gone. */
  crash(): void {
    this.raft = null
    this.#waiting.length = 0
    this.isPaused = this.isDiskStalled = false
    this.log = this.disk.entries.slice()
  }

  /** Its clock goes on by `ms`; each timer runs out at its moment. A crashed or paused node only gets older. */
  advance(ms: number): void {
    const untilMs = this.clockMs + ms
    while (this.raft && !this.isPaused && this.raft.nextTickMs() <= untilMs) {
      const dueMs = this.raft.nextTickMs()
      this.clockMs = Math.max(this.clockMs, dueMs)
      this.raft.tick(this.clockMs)
      this.pump()
      if (this.raft.nextTickMs() <= dueMs) throw new Error(`${this.id}: its timer at ${dueMs} ms does not move on`)
    }
    this.clockMs = untilMs
  }

  receive(message: Message): void {
    this.alive.receive(message, this.clockMs)
    this.pump()
  }

  /** A snapshot of what is applied becomes durable. */
  takeSnapshot(): LogIndex {
    const meta = this.alive.snapshotMeta(this.#applied)
    if (!meta) throw new Error(`${this.id} can't make a snapshot at ${this.#applied}`)
    this.disk.snapshot = { meta, state: this.state }
    return meta.index
  }

  /** Entries up to `index` go; a snapshot on the disk has to cover them. */
  compact(index: LogIndex): void {
    if ((this.disk.snapshot?.meta.index ?? 0) < index) throw new Error(`${this.id} has no snapshot that covers ${index}`)
    this.alive.compact(index)
    cutTo(this.disk.entries, index)
    cutTo(this.log, index)
    this.pump()
  }

  /** A snapshot has arrived and is durable, in a file of its own: a stalled log may follow later, or never. */
  install(snapshot: Snapshot): void {
    const { index } = snapshot.meta
    if (index > (this.disk.snapshot?.meta.index ?? 0)) this.disk.snapshot = snapshot
    if (this.alive.restore(snapshot.meta, this.clockMs)) {
      this.around.checks.restores(this.id, snapshot.meta)
      this.around.say(`${this.id}: restores the snapshot at ${index}`)
      this.#commit = this.#applied = index
      this.state = snapshot.state
    }
    this.pump()
  }

  /** Writes what waits, oldest first, at most `count`. */
  write(count = Infinity): void {
    for (let done = 0; done < count && this.#waiting.length > 0; done++) {
      const { write, send } = this.#waiting.shift()!
      this.#finish(write, send)
    }
    this.pump()
  }

  /** Does what the core asks until it asks nothing more. */
  pump(): void {
    for (let done = 0; this.raft?.hasReady(); done++) {
      if (done === READIES_MAX) throw new Error(`${this.id}: the core never comes to rest`)
      this.#perform(this.raft.takeReady())
    }
    if (this.raft) this.#noteCommit() // it may rise without anything to do: a leader's own disk can be the slow one
  }

  #perform(ready: Ready): void {
    if (ready.persist) writeEntries(this.log, ready.persist)
    for (const event of ready.events) {
      if (event.kind === 'role' && event.role === 'leader') this.around.checks.leads(this.id, event.term, this.log)
      this.around.tell(this.id, event)
    }
    this.#send(ready.sendNow)
    if (ready.persist && !this.isDiskStalled) this.#finish(ready.persist, ready.sendAfterPersist)
    else if (ready.persist) this.#waiting.push({ write: ready.persist, send: ready.sendAfterPersist })
    else if (this.#waiting.length > 0) this.#waiting.at(-1)!.send.push(...ready.sendAfterPersist)
    else this.#send(ready.sendAfterPersist)
    for (const { to } of ready.snapshots) this.around.sendSnapshot(this, to)
    this.#noteCommit()
    this.#apply(ready.apply)
    for (const { read, index } of ready.reads) this.around.say(`${this.id}: read ${read} may be answered at ${index}`)
    for (const read of ready.failedReads) this.around.say(`${this.id}: read ${read} can't be answered here`)
  }

  #finish(write: Write, send: readonly Message[]): void {
    writeTo(this.disk, write)
    this.raft!.persisted(write.seq, this.clockMs)
    this.#send(send)
  }

  #send(messages: readonly Message[]): void {
    for (const message of messages) {
      this.around.checks.sends(message, this.disk)
      this.around.send(message)
    }
  }

  #noteCommit(): void {
    const { commit } = this.raft!.status()
    this.around.checks.commits(this.id, this.log, this.#commit, commit)
    if (commit > this.#commit) this.around.say(`${this.id}: commits ${range(this.#commit + 1, commit)}`)
    this.#commit = commit
  }

  #apply(entries: readonly Entry[]): void {
    const state = new Map(this.state) // a snapshot keeps the one before
    for (const { index, type, data } of entries) {
      if (index !== this.#applied + 1) throw new Error(`${this.id} applies ${index} after ${this.#applied}`)
      if (endOf(this.disk) < index) throw new Error(`${this.id} applies ${index}, which a crash would forget`)
      this.#applied = index
      const [key, value] = type === 'command' ? new TextDecoder().decode(data).split('=') : []
      if (key !== undefined && value !== undefined) state.set(key, value)
    }
    this.state = state
    if (entries.length > 0) this.raft!.applied(this.#applied)
  }
}

export function range(from: LogIndex, to: LogIndex): string {
  return from === to ? `${from}` : `${from}..${to}`
}
