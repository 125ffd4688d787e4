/**
 * One node in virtual time: the real core and state machine, driven as a node process drives them, on a simulated
 * disk and a clock of its own. It crashes, restarts, pauses; each of its steps is checked.
 */
import { createRaft } from '../raft/raft'
import type { CoreEvent, LogIndex, Message, NodeId, Raft, Ready, Role, Term, Membership } from '../raft/types'
import { Durables, SimDisk } from './disk'
import { NodeRules } from './node-rules'
import { Requests } from './requests'
import { Snapshots } from './snapshots'
import { machineOf, type StoredSnapshot } from './stored-snapshot'
import type { Host, Surroundings } from './surroundings'
import { violated } from './violation'

/** Smallest wait for a timer: conversions between clocks round, and must not make an event that changes nothing. */
const TICK_MIN_MS = 0.001

export class SimNode implements Host {
  raft: Raft | null = null
  readonly disk: SimDisk
  /** the log in memory, as handed out for writing */
  readonly memory = new Durables()
  machine = machineOf(null)
  requests: Requests
  snapshots: Snapshots
  life = 0
  role: Role = 'follower'
  term: Term = 0
  leader: NodeId | null = null
  commit: LogIndex = 0
  isPaused = false
  /** it refused to start from a damaged log: nobody trusts it any more */
  isLost = false
  #held: (() => void)[] = []
  #tickAtMs = Infinity
  /** the members as of the last look, null after a start */
  #members: Membership | null = null
  readonly #rules = new NodeRules(this)

  /** @param clockRate how fast its clock runs, 1 = right */
  constructor(
    readonly id: NodeId,
    readonly number: number,
    readonly clockRate: number,
    readonly around: Surroundings,
  ) {
    this.disk = new SimDisk(id)
    this.requests = new Requests(this)
    this.snapshots = new Snapshots(this)
  }

  get localMs(): number {
    return this.around.agenda.nowMs * this.clockRate
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
    this.commit = index
    this.role = 'follower'
    this.leader = null
    this.#rules.restarts()
    this.#members = null
    this.#tickAtMs = Infinity
    around.invariants.restarts(this.id)
    const entries = durable.entries.slice()
    this.raft = createRaft(around.config(this.id, this.life), { hardState: { ...durable.hardState }, snapshot: snapshot?.meta ?? null, entries }, this.localMs)
    const { commit } = this.raft.status()
    if (commit < index) violated('commit reaches the snapshot', `${this.id} starts at ${commit}, its snapshot at ${index}`)
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
    this.commit = index
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

  receive(message: Message): void {
    const raft = this.raft!
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
      this.#remember(ready)
      for (const event of ready.events) this.#take(event, ready)
      this.#noteCommit(raft)
      for (const message of ready.sendNow) this.#send(message)
      this.#write(ready)
      this.#apply(raft, ready)
      this.snapshots.stream(ready.snapshots)
      this.requests.confirm(ready)
    }
    this.#scheduleTick(raft)
  }

  #remember({ persist, events }: Ready): void {
    if (persist === null || persist.entries.length === 0) return
    const { memory, id } = this
    const first = persist.entries[0]!
    this.#rules.writes(persist, events)
    let prevTerm = memory.term(first.index - 1) ?? 0
    memory.write({ hardState: null, entries: persist.entries })
    for (const entry of persist.entries) {
      this.around.invariants.appended(id, entry, prevTerm)
      prevTerm = entry.term
    }
  }

  #take(event: CoreEvent, { persist }: Ready): void {
    const { invariants, hash, coverage, agenda } = this.around
    switch (event.kind) {
      case 'role':
        hash.number(agenda.nowMs)
        hash.word(event.term * 8 + this.number)
        hash.text(event.role)
        invariants.inTerm(this.id, event.term)
        this.role = event.role
        this.term = event.term
        this.leader = event.leader
        this.requests.steppedDown(event.role === 'leader' ? event.term : null)
        if (event.role === 'leader') {
          coverage.met('leader elected')
          const isBegun = persist?.entries.some(({ type, term }) => type === 'noop' && term === event.term)
          if (isBegun !== true) violated('a leader begins with a no-op', `${this.id} in term ${event.term}`)
          invariants.elected(this.id, event.term, this.raft!.status().membership)
          invariants.leads(this.id, event.term, (index) => this.memory.term(index), this.memory.baseIndex)
        }
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

  #noteCommit(raft: Raft): void {
    const { commit, term, membership, role } = raft.status()
    const before = this.#members ?? membership
    this.#members = membership
    if (commit === this.commit) return
    const { memory, around } = this
    // figure 8: an older entry on a majority may still be overwritten
    if (role === 'leader' && memory.term(commit) !== term) violated('a leader counts only entries of its term', `${this.id} at ${commit}`)
    around.invariants.commits(
      this.id,
      term,
      (index) => memory.entries[index - memory.baseIndex - 1] ?? null,
      this.commit,
      commit,
      before === membership ? [membership] : [before, membership],
    )
    this.commit = commit
  }

  #write({ persist, sendAfterPersist }: Ready): void {
    this.#rules.answers(sendAfterPersist)
    if (persist !== null) {
      this.disk.queue({ persist, send: [...sendAfterPersist] })
      this.#sync()
    } else if (sendAfterPersist.length > 0 && !this.disk.hold(sendAfterPersist)) {
      for (const message of sendAfterPersist) this.#send(message)
    }
  }

  #sync(): void {
    const { disk, life, around } = this
    if (!disk.beginSync()) return
    const syncMs = around.syncMs(this.number)
    around.agenda.after(syncMs, () => this.happen(life, () => this.#synced()))
    around.syncing(this.number, syncMs)
  }

  #synced(): void {
    let seq = 0
    this.disk.endSync(({ persist, send }) => {
      seq = persist.seq
      for (const message of send) this.#send(message)
    })
    this.raft!.persisted(seq, this.localMs)
    this.pump()
    this.#sync()
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
    this.around.send(message)
  }

  #scheduleTick(raft: Raft): void {
    const { agenda } = this.around
    const atMs = Math.max(raft.nextTickMs() / this.clockRate, agenda.nowMs + TICK_MIN_MS)
    if (atMs >= this.#tickAtMs) return // an earlier look is coming, and will look again
    this.#tickAtMs = atMs
    const { life } = this
    agenda.at(atMs, () => {
      if (this.#tickAtMs === atMs && this.life === life) this.#tickAtMs = Infinity
      this.happen(life, () => this.#tick())
    })
  }

  #tick(): void {
    const raft = this.raft!
    if (raft.nextTickMs() <= this.localMs) raft.tick(this.localMs)
    this.pump()
  }
}
