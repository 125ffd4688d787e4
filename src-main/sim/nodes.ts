/**
 * One node in virtual time: the real core and state machine, driven as a node process drives them, on a simulated
 * disk and a clock of its own. It crashes, restarts, pauses; each of its steps is checked.
 */
import { createRaft } from '../raft/raft'
import type { CoreEvent, LogIndex, Message, NodeId, Raft, Ready, Role, Term } from '../raft/types'
import { SimDisk } from './disk'
import { Durables } from './durables'
import { NodeRules } from './node-rules'
import { Requests } from './requests'
import { RoundTrips } from './round-trips'
import { Snapshots } from './snapshots'
import { Standing } from './standing'
import { machineOf, type StoredSnapshot } from './stored-snapshot'
import type { Host, Surroundings } from './surroundings'
import { Ticks } from './ticks'
import { violated } from './violation'
import { Writing } from './writing'

export class SimNode implements Host {
  raft: Raft | null = null
  readonly disk: SimDisk
  /** the log in memory, as handed out for writing */
  readonly memory = new Durables()
  machine = machineOf(null)
  requests: Requests
  snapshots: Snapshots
  /** null: its timers listen to no round trip */
  #roundTrips: RoundTrips | null = null
  life = 0
  isPaused = false
  /** it refused to start from a damaged log: nobody trusts it any more */
  isLost = false
  #held: (() => void)[] = []
  readonly #standing = new Standing(this)
  readonly #rules = new NodeRules(this)
  readonly #writing = new Writing(this, this.#rules, (message) => this.#send(message))
  readonly #ticks: Ticks

  /** @param clockRate how fast its clock runs, 1 = right */
  constructor(
    readonly id: NodeId,
    readonly number: number,
    readonly clockRate: number,
    readonly around: Surroundings,
  ) {
    this.disk = new SimDisk(id)
    this.#ticks = new Ticks(this, clockRate)
    this.requests = new Requests(this)
    this.snapshots = new Snapshots(this)
  }

  get localMs(): number {
    return this.around.agenda.nowMs * this.clockRate
  }

  get role(): Role {
    return this.#standing.role
  }

  get term(): Term {
    return this.#standing.term
  }

  get leader(): NodeId | null {
    return this.#standing.leader
  }

  get commit(): LogIndex {
    return this.#standing.commit
  }

  get isUp(): boolean {
    return this.raft !== null
  }

  start(): void {
    const { disk, memory, around } = this
    const { durable } = disk
    const { snapshot } = disk
    const { index, term } = snapshot?.meta ?? { index: 0, term: 0 }
    const isContinued = durable.term(index) === term
    memory.restart(index, term)
    if (isContinued) for (const entry of durable.entries) if (entry.index > index) memory.entries.push(entry)
    this.machine = machineOf(snapshot)
    this.#standing.restarts(index)
    this.#rules.restarts()
    this.#ticks.restarts()
    around.invariants.restarts(this.id)
    const entries = durable.entries.slice()
    const config = around.config(this.id, this.life)
    this.raft = createRaft(config, { hardState: { ...durable.hardState }, snapshot: snapshot?.meta ?? null, entries }, this.localMs)
    const { commit } = this.raft.status()
    if (commit < index) violated('commit reaches the snapshot', `${this.id} starts at ${commit}, its snapshot at ${index}`)
    this.#roundTrips = config.timers?.kind === 'adaptive' ? new RoundTrips(this) : null
    this.#roundTrips?.start()
    this.pump()
  }

  /** Power is lost. */
  crash(random: () => number): void {
    const { coverage } = this.around
    this.raft = null
    this.life++
    this.isPaused = false
    this.#held = []
    this.requests.drop()
    this.requests = new Requests(this)
    this.snapshots = new Snapshots(this)
    if (this.disk.isCutDue) coverage.met('crash between snapshot and log cut')
    this.disk.isCutDue = false
    const wasBusy = this.disk.isBusy
    const { lost, torn } = this.disk.crash(random)
    coverage.met('crash')
    if (lost > 0) coverage.met('crash that lost unsynced data')
    if (torn) coverage.met('torn write cut')
    if (wasBusy && lost === 0) coverage.met('unsynced batch survived')
  }

  /** The core's log stands at this snapshot now, and so does the state. */
  restored(snapshot: StoredSnapshot): void {
    const { index, term } = snapshot.meta
    if (this.memory.term(index) === term) this.memory.forget(index, term)
    else this.memory.restart(index, term)
    this.machine = machineOf(snapshot)
    this.#standing.commit = index
  }

  pause(): void {
    this.isPaused = true
  }

  /** It wakes up to everything that was delivered meanwhile, in order. */
  resume(): void {
    this.isPaused = false
    for (const run of this.#held.splice(0)) run()
  }

  /** Now, or when the pause is over; never in another life. */
  happen(life: number, run: () => void): void {
    if (this.life !== life || this.raft === null) return
    if (!this.isPaused) return run()
    this.#held.push(() => {
      if (this.life === life && this.raft !== null) run()
    })
  }

  receive(message: Message, stamp: Buffer | null): void {
    const raft = this.raft!
    if (stamp !== null) this.#roundTrips?.read(message.from, stamp)
    const wasLeader = this.role === 'leader'
    const beforeMs = raft.nextTickMs()
    this.#rules.turnBegins()
    raft.receive(message, this.localMs)
    this.pump()
    this.#rules.received(message, wasLeader, beforeMs)
  }

  /** Does what the core asks, and checks all of it. */
  pump(): void {
    const raft = this.raft!
    const { around } = this
    while (raft.hasReady()) {
      around.steps++
      const ready = raft.takeReady()
      this.#writing.remember(ready)
      for (const event of ready.events) this.#take(event, ready)
      this.#standing.noteCommit(raft)
      for (const message of ready.sendNow) this.#send(message)
      this.#writing.write(ready)
      this.#apply(raft, ready)
      this.snapshots.stream(ready.snapshots)
      this.requests.confirm(ready)
    }
    this.#ticks.schedule(raft)
  }

  #take(event: CoreEvent, ready: Ready): void {
    const { coverage } = this.around
    switch (event.kind) {
      case 'role':
        this.#standing.changed(event, ready)
        this.requests.steppedDown(event.role === 'leader' ? event.term : null)
        break
      case 'campaign':
        this.#rules.campaigns()
        break
      case 'quorumLost':
        coverage.met('leader lost its quorum')
        break
      case 'truncated':
        coverage.met('log truncated')
        break
      default:
        break
    }
    this.around.told(this.number, event)
  }

  #apply(raft: Raft, { apply }: Ready): void {
    if (apply.length === 0) return
    const { machine, around } = this
    for (const entry of apply) {
      if (entry.index !== machine.applied + 1) violated('applied exactly once', `${this.id} applies ${entry.index} after ${machine.applied}`)
      const answer = machine.apply(entry)
      around.invariants.applies(this.id, entry, answer)
      this.requests.applied(entry, answer)
    }
    around.hash.word(machine.applied * 8 + this.number)
    raft.applied(machine.applied)
    if (this.snapshots.isDue()) this.snapshots.make()
  }

  #send(message: Message): void {
    this.#rules.sends(message)
    this.around.invariants.sends(message)
    this.around.send(message, this.#roundTrips?.stamp(message.to) ?? null)
  }
}
