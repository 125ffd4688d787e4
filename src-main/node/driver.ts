/**
 * Runs the core: feeds it messages, time and proposals, and does what it asks in the order it asks. Everything that
 * comes in during one turn of the event loop is handled together at its end, so that one batch costs one frame a
 * peer and one fsync. Decides nothing itself; an error in the core ends the process.
 */
import type { ChangeResult, CoreEvent, MembershipChange, Message, NodeId, Raft, Ready, SnapshotMeta, Status, TransferResult } from '../raft/types'
import type { ReadAnswer, ReadConsistency, WriteAnswer } from './answers'
import type { Clock } from './clock'
import { HeldMessages } from './held-messages'
import { PendingReads } from './pending-reads'
import { PendingWrites } from './pending-writes'
import type { StateMachine } from './state/machine'
import type { Wal } from './storage/wal'

/** a core that always has more to do must not keep the loop from its sockets */
const READIES_PER_TURN_MAX = 8
/** longest time that writes gather for the quorum's disks; on a slow link the next batch has to travel behind the one before */
const GATHER_MS_MAX = 4

export interface DriverOptions {
  raft: Raft
  wal: Wal
  machine: StateMachine
  clock: Clock
  requestTimeoutMs: number
  send: (message: Message) => void
  onEvent: (event: CoreEvent) => void
  /** this follower needs the newest snapshot */
  onSnapshotWanted: (to: NodeId) => void
  onSync: (durationMs: number) => void
  onDiskFailure: (error: Error) => void
  onBug: (error: unknown) => void
}

export class Driver {
  readonly writes: PendingWrites
  readonly reads: PendingReads
  private readonly held = new HeldMessages()
  private machine: StateMachine
  private handedSeq = 0
  /** when the disk was last done with everything it was handed */
  private durableMs = 0
  private isScheduled = false
  private isStopped = false
  private timer: NodeJS.Timeout | null = null
  private timerMs = Infinity
  private leaderTerm = 0
  private isLeading = false
  /** moment of the last proof that what is applied here was current: an append of the leader, or as leader a quorum's echo */
  private freshMs: number | null = null

  constructor(private readonly options: DriverOptions) {
    this.machine = options.machine
    this.writes = new PendingWrites(options.requestTimeoutMs)
    this.reads = new PendingReads(options.requestTimeoutMs)
  }

  start(): void {
    const { wal, raft, clock, onSync, onDiskFailure } = this.options
    wal.start({
      onSync,
      onFailure: onDiskFailure,
      onDurable: (seq) =>
        this.guard(() => {
          const nowMs = clock.nowMs()
          if (seq >= this.handedSeq) this.durableMs = nowMs
          raft.persisted(seq, nowMs)
          this.held.release(seq, this.options.send)
          this.schedule()
        }),
    })
    this.schedule()
  }

  receive(message: Message): void {
    this.guard(() => {
      const nowMs = this.options.clock.nowMs()
      if (message.type === 'append' && message.term >= this.leaderTerm) {
        this.leaderTerm = message.term
        this.freshMs = nowMs
      }
      this.options.raft.receive(message, nowMs)
      this.schedule()
    })
  }

  /** What the links measured: adaptive timers follow it. */
  observeRoundTrips(links: readonly { peer: string; rttMs: number | null; rttDeviationMs: number | null }[]): void {
    this.guard(() => {
      const nowMs = this.options.clock.nowMs()
      for (const { peer, rttMs, rttDeviationMs } of links) {
        if (rttMs !== null) this.options.raft.observeRtt(peer, rttMs, rttDeviationMs ?? 0, nowMs)
      }
      this.schedule()
    })
  }

  write(data: Uint8Array, settle: (answer: WriteAnswer) => void): void {
    if (this.isStopped) return settle({ kind: 'unavailable', reason: 'the node is stopping' })
    const nowMs = this.options.clock.nowMs()
    this.writes.add(data, settle, nowMs)
    const untilMs = this.gathersUntilMs()
    if (nowMs >= untilMs) this.schedule()
    else if (untilMs < this.timerMs) this.arm()
  }

  read(key: string, consistency: ReadConsistency, settle: (answer: ReadAnswer) => void): void {
    if (this.isStopped) return settle({ kind: 'unavailable', reason: 'the node is stopping' })
    this.reads.add(key, settle, consistency)
    this.schedule()
  }

  /** What this node holds, however old; any role. */
  readLocal(key: string): ReadAnswer {
    const { machine } = this
    const { clock } = this.options
    const stalenessMs = this.freshMs === null ? null : Math.max(0, clock.nowMs() - this.freshMs)
    return { kind: 'read', value: machine.get(key), index: machine.applied, stalenessMs }
  }

  status(): Status {
    return this.options.raft.status()
  }

  /** the state as far as it is applied; another one after a snapshot came in */
  state(): StateMachine {
    return this.machine
  }

  transfer(to: NodeId): TransferResult {
    const result = this.options.raft.transfer(to, this.options.clock.nowMs())
    this.schedule()
    return result
  }

  changeMembership(change: MembershipChange, force: boolean): ChangeResult {
    const result = this.options.raft.changeMembership(change, { force }, this.options.clock.nowMs())
    this.schedule()
    return result
  }

  /** A snapshot from the leader is durable here; the state it holds takes the place of the old one if it is ahead of it. */
  install(meta: SnapshotMeta, machine: StateMachine): void {
    this.guard(() => {
      if (this.options.raft.restore(meta, this.options.clock.nowMs())) this.machine = machine
      this.schedule()
    })
  }

  snapshotFailed(to: NodeId): void {
    this.guard(() => {
      this.options.raft.snapshotFailed(to)
      this.schedule()
    })
  }

  /** A durable snapshot covers what is cut. @returns the first index that the log still holds */
  compact(index: number): number {
    this.guard(() => this.options.raft.compact(index))
    return this.options.raft.status().first
  }

  /** Answers everybody who waits and does nothing more. */
  stop(): void {
    this.halt()
    this.writes.stop()
    this.reads.stop()
  }

  /** Does nothing more and answers nobody: after a failure nothing that could be said is known to be true. */
  halt(): void {
    this.isStopped = true
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private schedule(): void {
    if (this.isScheduled || this.isStopped) return
    this.isScheduled = true
    setImmediate(() => this.guard(() => this.turn()))
  }

  private turn(): void {
    this.isScheduled = false
    const { raft, clock } = this.options
    const nowMs = clock.nowMs()
    if (nowMs >= raft.nextTickMs()) raft.tick(nowMs)
    if (nowMs >= this.gathersUntilMs()) this.writes.propose(raft, nowMs)
    this.reads.ask(raft, nowMs)
    for (let done = 0; raft.hasReady() && !this.isStopped; done++) {
      if (done === READIES_PER_TURN_MAX) {
        this.schedule()
        break
      }
      this.perform(raft.takeReady())
    }
    this.writes.expire(nowMs)
    this.reads.expire(nowMs)
    if (this.writes.hasArrived && nowMs >= this.gathersUntilMs()) this.schedule()
    this.arm()
  }

  /**
   * While a batch is on the disks, writes gather for the next one: nobody's disk begins with that before it is done with
   * this, and one proposal costs one frame a peer and one fsync a node however many writes it holds. Waiting for the own
   * disk costs nothing, since no answer goes without it; waiting for the quorum's ends after a moment.
   *
   * @returns when they go to the core: a time that has passed, or Infinity while the own disk works
   */
  private gathersUntilMs(): number {
    if (!this.isLeading) return 0
    if (!this.options.wal.isDurable(this.handedSeq)) return Infinity
    return this.writes.areProposed ? this.durableMs + GATHER_MS_MAX : 0
  }

  /** Sends before it writes: a leader's appends travel while its own disk works (dissertation §10.2.1). */
  private perform(ready: Ready): void {
    const { raft, wal, send } = this.options
    const { machine } = this
    for (const message of ready.sendNow) send(message)
    if (ready.persist !== null) {
      const { seq, hardState, entries, restored } = ready.persist
      this.handedSeq = seq
      if (restored !== null) wal.restart(restored)
      wal.append(seq, hardState, entries)
    }
    if (ready.sendAfterPersist.length > 0) {
      if (wal.isDurable(this.handedSeq)) for (const message of ready.sendAfterPersist) send(message)
      else this.held.hold(this.handedSeq, ready.sendAfterPersist)
    }
    for (const entry of ready.apply) this.writes.applied(entry, machine.apply(entry))
    const lastApplied = ready.apply.at(-1)?.index
    if (lastApplied !== undefined) raft.applied(lastApplied)
    this.reads.confirm(ready.reads)
    this.reads.answer(machine)
    for (const { to } of ready.snapshots) this.options.onSnapshotWanted(to)
    for (const event of ready.events) this.take(event)
    if (ready.failedReads.length > 0) {
      const { leader, term } = raft.status()
      for (const handle of ready.failedReads) this.reads.refuse(handle, { kind: 'not-leader', leader, term })
    }
  }

  private take(event: CoreEvent): void {
    if (event.kind === 'role') {
      this.leaderTerm = Math.max(this.leaderTerm, event.term)
      this.isLeading = event.role === 'leader'
      this.writes.steppedDown(this.isLeading ? event.term : null)
      this.schedule() // what has gathered is refused, or proposed
    } else if (event.kind === 'quorumAck') {
      this.freshMs = event.sentMs
    }
    this.options.onEvent(event)
  }

  /** One timer for the core and the deadlines; it is moved only when something comes earlier. */
  private arm(): void {
    if (this.isStopped) return
    const gatheredMs = this.writes.hasArrived ? this.gathersUntilMs() : Infinity
    const nextMs = Math.min(this.options.raft.nextTickMs(), this.writes.nextDeadlineMs(), this.reads.nextDeadlineMs(), gatheredMs)
    if (this.timer !== null && this.timerMs <= nextMs) return
    if (this.timer !== null) clearTimeout(this.timer)
    this.timerMs = nextMs
    // The turn runs after the sockets were read: a process that was stopped must hear its peers before it believes they are silent.
    this.timer = setTimeout(
      () => {
        this.timer = null
        this.schedule()
      },
      Math.max(0, Math.ceil(this.options.clock.realMs(nextMs - this.options.clock.nowMs()))),
    )
  }

  private guard(work: () => void): void {
    if (this.isStopped) return
    try {
      work()
    } catch (error) {
      this.options.onBug(error)
    }
  }
}
