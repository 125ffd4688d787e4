/**
 * Whole clusters on the real core in virtual time: links with delay, loss and one-way cuts, disks that take time and
 * forget at a crash what was not written, pauses. Every step is checked against the invariants.
 */
import { seededRandom } from '@shared/stats/random'
import { createRaft } from '../../../src-main/raft/raft'
import type { Message, NodeId, ProposeResult, Raft, RaftConfig, Ready, SnapshotMeta } from '../../../src-main/raft/types'
import { Agenda } from './agenda'
import { Invariants } from './invariants'
import type { Disk } from './invariants'
import { logOn, newNode, upTo, writeTo } from './sim-node'
import type { SimNode } from './sim-node'

export interface ClusterOptions {
  seed?: number
  nodes?: number
  /** more nodes, that are no members at first */
  spares?: number
  /** one way, uniform */
  delayMs?: [number, number]
  diskMs?: [number, number]
  /** 0…1 */
  loss?: number
  /** 0…1: how many messages arrive twice */
  duplicates?: number
  raft?: Partial<RaftConfig>
  perNode?: Record<NodeId, Partial<RaftConfig>>
  /** what the disks hold at the start */
  disks?: Record<NodeId, Disk>
}

export class Cluster {
  readonly agenda = new Agenda()
  readonly nodes = new Map<NodeId, SimNode>()
  readonly invariants: Invariants
  readonly random: () => number
  readonly cuts = new Set<string>()
  /** last look at every message before it leaves; false = lost */
  filter: (message: Message) => boolean = () => true
  loss: number
  diskMs: [number, number]
  steps = 0
  messages = 0
  readonly #options: ClusterOptions
  #reads = 0

  constructor(options: ClusterOptions = {}) {
    this.#options = options
    this.random = seededRandom(options.seed ?? 1, 'cluster')
    this.loss = options.loss ?? 0
    this.diskMs = options.diskMs ?? [0, 2]
    const ids = Array.from({ length: (options.nodes ?? 3) + (options.spares ?? 0) }, (_, i) => `n${i + 1}`)
    for (const id of ids) this.nodes.set(id, newNode(id, options.disks?.[id]))
    this.invariants = new Invariants(() => [...this.nodes.values()])
    for (const node of this.nodes.values()) {
      this.invariants.appended(node.id, node.log, 1)
      this.start(node.id)
    }
  }

  get nowMs(): number {
    return this.agenda.nowMs
  }

  get ids(): NodeId[] {
    return [...this.nodes.keys()]
  }

  node(id: NodeId): SimNode {
    return this.nodes.get(id)!
  }

  raft(id: NodeId): Raft {
    return this.node(id).raft!
  }

  /** Runs for `ms`, or until `isDone`. */
  run(ms: number, isDone?: () => boolean): boolean {
    return this.agenda.runUntil(this.nowMs + ms, isDone)
  }

  /** @returns the node that leads the newest term, if any does */
  leader(): NodeId | null {
    let best: { id: NodeId; term: number } | null = null
    for (const { id, raft } of this.nodes.values()) {
      const status = raft?.status()
      if (status?.role === 'leader' && (!best || status.term > best.term)) best = { id, term: status.term }
    }
    return best?.id ?? null
  }

  /** Runs until a leader has committed its no-op. */
  elect(withinMs = 5000): NodeId {
    const isServing = (): boolean => {
      const id = this.leader()
      if (id === null) return false
      const { term, commit } = this.raft(id).status()
      return commit > 0 && this.node(id).log[commit - 1]!.term === term
    }
    if (!this.run(withinMs, isServing)) throw new Error(`no leader within ${withinMs} ms`)
    return this.leader()!
  }

  propose(id: NodeId, text: string): ProposeResult {
    const result = this.raft(id).propose([new TextEncoder().encode(text)], this.nowMs)
    this.pump(this.node(id))
    return result
  }

  /** Whatever can be asked of a core. */
  ask(id: NodeId, question: (raft: Raft) => unknown): void {
    question(this.raft(id))
    this.pump(this.node(id))
  }

  /** @returns handle of the read, or null when the node refused */
  read(id: NodeId): number | null {
    const node = this.node(id)
    const read = ++this.#reads
    const result = this.raft(id).readIndex(read, this.nowMs)
    if (result.ok) node.reads.set(read, this.invariants.committed.length)
    this.pump(node)
    return result.ok ? read : null
  }

  /** Cuts the directed links between the groups, both ways. */
  partition(...groups: NodeId[][]): void {
    for (const group of groups) {
      const others = groups.filter((other) => other !== group).flat()
      for (const from of group) for (const to of others) this.cuts.add(`${from}>${to}`)
    }
  }

  /** Leaves only these undirected links. */
  connectOnly(...pairs: [NodeId, NodeId][]): void {
    for (const from of this.ids) for (const to of this.ids) this.cuts.add(`${from}>${to}`)
    for (const [a, b] of pairs) for (const link of [`${a}>${b}`, `${b}>${a}`]) this.cuts.delete(link)
  }

  heal(): void {
    this.cuts.clear()
  }

  crash(id: NodeId): void {
    const node = this.node(id)
    node.raft = null
    node.life++
    for (const { write } of node.writes.splice(0, Math.floor(this.random() * (node.writes.length + 1)))) writeTo(node.disk, write, this.invariants.committed)
    node.writes = []
    node.isSyncing = false
    node.held = []
    node.isPaused = false
    node.reads.clear()
  }

  start(id: NodeId): void {
    const node = this.node(id)
    const { hardState, entries, snapshot = null } = node.disk
    node.log = logOn(node.disk, this.invariants.committed)
    node.commit = node.appliedIndex = snapshot?.index ?? 0
    node.tickAtMs = Infinity
    node.membership = null
    // a log on disk begins somewhere at or before the end of the snapshot
    const cut = snapshot ? Math.floor(this.random() * (snapshot.index + 1)) : 0
    node.raft = createRaft(this.#config(id), { hardState: { ...hardState }, snapshot, entries: entries.slice(cut) }, this.nowMs)
    this.pump(node)
  }

  /** The node writes a snapshot of what it has applied, and cuts its log but for `keep` entries. */
  snapshot(id: NodeId, keep: number): void {
    const node = this.node(id)
    const meta = node.raft!.snapshotMeta(node.appliedIndex)
    if (!meta || meta.index === 0) return
    node.disk.snapshot = meta
    node.raft!.compact(Math.max(0, meta.index - keep))
  }

  /** Nothing it writes from now on is ever done. */
  hangDisk(id: NodeId): void {
    this.node(id).isSyncing = true
  }

  pause(id: NodeId): void {
    this.node(id).isPaused = true
  }

  /** It wakes up to everything that was delivered meanwhile, in order. */
  resume(id: NodeId): void {
    const node = this.node(id)
    node.isPaused = false
    for (const run of node.held.splice(0)) run()
  }

  /** Does what the core asks, and checks all of it. */
  pump(node: SimNode): void {
    const raft = node.raft!
    while (raft.hasReady()) {
      this.steps++
      const ready = raft.takeReady()
      const { id } = node
      this.#mirror(node, ready)
      for (const event of ready.events) {
        node.events.push({ ...event, atMs: this.nowMs })
        if (event.kind === 'role' && event.role === 'leader') this.invariants.leads(id, event.term, node.log)
      }
      const { commit, term, membership } = raft.status()
      this.invariants.commits(id, term, [node.membership ?? membership, membership], node.log, node.commit, commit)
      node.commit = commit
      node.membership = membership
      for (const message of ready.sendNow) this.#send(node, message)
      this.#write(node, ready)
      for (const { to, index } of ready.snapshots) this.#stream(node, to, index)
      for (const entry of ready.apply) {
        if (entry.index !== ++node.appliedIndex) throw new Error(`${id} applies ${entry.index} instead of ${node.appliedIndex}`)
        this.invariants.applies(id, entry, node.disk)
      }
      if (ready.apply.length > 0) raft.applied(node.appliedIndex)
      for (const { read, index } of ready.reads) {
        this.invariants.reads(id, index, node.reads.get(read)!)
        node.reads.delete(read)
        node.readsDone.push(read)
      }
      for (const read of ready.failedReads) {
        node.reads.delete(read)
        node.readsFailed.push(read)
      }
    }
    this.#scheduleTick(node)
  }

  #config(id: NodeId): RaftConfig {
    return {
      id,
      voters: this.ids.slice(0, this.#options.nodes ?? 3),
      heartbeatMs: 50,
      electionTimeoutMs: [150, 300],
      preVote: true,
      checkQuorum: true,
      random: seededRandom(this.#options.seed ?? 1, `${id}/${this.node(id).life}`),
      maxEntriesPerMessage: 8,
      maxBytesPerMessage: 4096,
      maxInflight: 4,
      ...this.#options.raft,
      ...this.#options.perNode?.[id],
    }
  }

  #mirror(node: SimNode, { persist, events }: Ready): void {
    if (!persist || persist.entries.length === 0) return
    const from = persist.entries[0]!.index
    if (from > node.log.length + 1) throw new Error(`${node.id}: a gap before ${from}`)
    const truncated = events.some((event) => event.kind === 'truncated')
    if (from <= node.log.length && !truncated) throw new Error(`${node.id} overwrites ${from} without telling`)
    if (from <= node.commit) throw new Error(`${node.id} overwrites the committed entry ${from}`)
    node.log.length = from - 1
    node.log.push(...persist.entries)
    this.invariants.appended(node.id, node.log, from)
  }

  #write(node: SimNode, { persist, sendAfterPersist }: Ready): void {
    if (!persist) {
      const last = node.writes.at(-1)
      if (last) last.send.push(...sendAfterPersist)
      else for (const message of sendAfterPersist) this.#send(node, message)
      return
    }
    node.writes.push({ write: persist, send: sendAfterPersist })
    if (!node.isSyncing) this.#sync(node)
  }

  /** Group commit: one sync at a time, of everything that has queued up. A crash in it leaves any number of whole writes. */
  #sync(node: SimNode): void {
    const { life, writes } = node
    const size = writes.length
    node.isSyncing = size > 0
    if (size === 0) return
    this.agenda.after(this.#between(this.diskMs), () => {
      this.#happen(node, life, () => {
        const done = writes.splice(0, size)
        // one by one: a later write may overwrite, for a newer leader, what an earlier one has every right to promise to its own
        for (const { write, send } of done) {
          writeTo(node.disk, write, this.invariants.committed)
          for (const message of send) this.#send(node, message)
        }
        node.raft!.persisted(done.at(-1)!.write.seq, this.nowMs)
        this.pump(node)
        this.#sync(node)
      })
    })
  }

  #send(node: SimNode, message: Message): void {
    this.messages++
    this.invariants.sends(message, node.disk)
    if (!this.filter(message) || this.random() < this.loss) return
    const to = this.node(message.to)
    const deliver = (): void => {
      if (this.cuts.has(`${message.from}>${message.to}`) || !to.raft) return
      this.#happen(to, to.life, () => this.#receive(to, message))
    }
    this.agenda.after(this.#between(this.#options.delayMs ?? [1, 5]), deliver)
    if (this.random() < (this.#options.duplicates ?? 0)) this.agenda.after(this.#between([0, 400]), deliver)
  }

  /** A snapshot takes its time, and may be lost on the way: the sender is told. */
  #stream(from: SimNode, id: NodeId, cut: number): void {
    const meta = from.disk.snapshot
    if (!meta || meta.index < cut) throw new Error(`${from.id} has no snapshot that reaches ${cut}`)
    const [to, { life }] = [this.node(id), from]
    const isLost = this.random() < 0.2
    this.agenda.after(this.#between([5, 150]), () => {
      if (isLost || !to.raft || to.isPaused || this.cuts.has(`${from.id}>${id}`)) this.#happen(from, life, () => from.raft!.snapshotFailed(id))
      else this.#happen(to, to.life, () => this.#install(to, meta))
    })
  }

  #install(node: SimNode, meta: SnapshotMeta): void {
    if (meta.index > (node.disk.snapshot?.index ?? 0)) node.disk.snapshot = meta
    if (node.raft!.restore(meta, this.nowMs)) {
      const { committed } = this.invariants
      if (node.log[meta.index - 1]?.term !== meta.term) node.log = upTo(meta.index, committed)
      node.commit = node.appliedIndex = meta.index
      node.snapshotsInstalled++
    }
    this.pump(node)
  }

  #receive(node: SimNode, message: Message): void {
    node.raft!.receive(message, this.nowMs)
    this.pump(node)
  }

  #scheduleTick(node: SimNode): void {
    const atMs = node.raft!.nextTickMs()
    if (atMs >= node.tickAtMs) return // an earlier look is coming, and will look again
    node.tickAtMs = atMs
    const { life } = node
    this.agenda.at(atMs, () => {
      if (node.tickAtMs === atMs && node.life === life) node.tickAtMs = Infinity
      this.#happen(node, life, () => this.#tick(node))
    })
  }

  #tick(node: SimNode): void {
    if (node.raft!.nextTickMs() <= this.nowMs) node.raft!.tick(this.nowMs)
    this.pump(node)
  }

  /** Now, or when the pause is over; never in another life. */
  #happen(node: SimNode, life: number, run: () => void): void {
    const inThisLife = (): void => {
      if (node.life === life && node.raft) run()
    }
    if (node.isPaused) node.held.push(inThisLife)
    else inThisLife()
  }

  #between([min, max]: [number, number]): number {
    return min + this.random() * (max - min)
  }
}
