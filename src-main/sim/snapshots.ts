/**
 * A node's snapshots in virtual time: made while it goes on working, durable before the log is cut behind them,
 * streamed to followers that need what was cut. The state itself is captured by the real state machine.
 */
import type { LogIndex, NodeId, Ready, SnapshotMeta } from '../raft/types'
import type { StoredSnapshot } from './stored-snapshot'
import type { Host } from './surroundings'
import { violated } from './violation'

/** Longer chains begin anew. */
const CHAIN_MAX = 4
/** A transfer that the other node has not confirmed by then is given up, in longest election timeouts. */
const GIVE_UP_TIMEOUTS = 3

export class Snapshots {
  #isMaking = false

  constructor(private readonly node: Host) {}

  /** Enough has been applied since the last one. */
  isDue(): boolean {
    const { node } = this
    const { snapshotEvery } = node.around.snapshots
    return snapshotEvery > 0 && node.machine.applied - (node.disk.snapshot?.meta.index ?? 0) >= snapshotEvery
  }

  /** Captures the state at once; writing it down takes its time, and the log is cut a write later. */
  make(): void {
    const { node } = this
    const { disk, machine, around, life } = node
    if (this.#isMaking || node.raft === null || machine.applied <= (disk.snapshot?.meta.index ?? 0)) return
    const meta = node.raft.snapshotMeta(machine.applied)
    if (meta === null) violated('snapshot of what is applied', `${node.id} can't say what a snapshot at ${machine.applied} holds`)
    const before = disk.snapshot?.chain ?? []
    const isFull = before.length === 0 || before.length >= CHAIN_MAX
    const capture = machine.capture(isFull ? 'full' : 'changes')
    this.#isMaking = true
    around.agenda.after(around.syncMs(node.number) * 3, () =>
      node.happen(life, () => {
        this.#isMaking = false
        if (meta.index <= (disk.snapshot?.meta.index ?? 0)) return // a newer one came from the leader meanwhile
        disk.keep({ meta, chain: isFull ? [capture] : [...before, capture] })
        around.coverage.met('snapshot made')
        this.#cutLater(meta)
      }),
    )
  }

  /** Sends the newest snapshot to whom the core names. */
  stream(asked: Ready['snapshots']): void {
    for (const { to, index } of asked) this.#streamTo(to, index)
  }

  /**
   * A snapshot is here: durable first, then the core is told.
   *
   * @param taken called when this node stands there or knows more: until then a crash forgets that it ever came
   */
  receive(snapshot: StoredSnapshot, taken: () => void): void {
    const { node } = this
    const { around, life, disk } = node
    around.agenda.after(around.syncMs(node.number), () =>
      node.happen(life, () => {
        const { meta } = snapshot
        around.invariants.snapshot(node.id, meta)
        if (meta.index > (disk.snapshot?.meta.index ?? 0)) disk.keep(snapshot)
        const isStored = disk.snapshot === snapshot
        if (node.raft!.restore(meta, node.localMs)) {
          if (!isStored) violated('snapshot is durable before it counts', `${node.id} restores ${meta.index}`)
          node.restored(snapshot)
          around.coverage.met('snapshot installed')
        }
        taken()
        node.pump()
      }),
    )
  }

  #cutLater(meta: SnapshotMeta): void {
    const { node } = this
    const { around, life, disk } = node
    const index = meta.index - around.snapshots.keepEntries
    disk.isCutDue = true
    const cutMs = around.syncMs(node.number)
    around.cutting(node.number, cutMs)
    around.agenda.after(cutMs, () =>
      node.happen(life, () => {
        disk.isCutDue = false
        const term = disk.durable.term(index)
        if (index <= disk.durable.baseIndex || term === null || term === 0) return
        node.raft!.compact(index)
        node.memory.forget(index, term)
        disk.compact(index, term)
      }),
    )
  }

  #streamTo(to: NodeId, cut: LogIndex): void {
    const { node } = this
    const { around, life, disk } = node
    const snapshot = disk.snapshot
    if (snapshot === null || snapshot.meta.index < cut) violated('a snapshot covers the cut', `${node.id} has none to ${cut}`)
    let isTaken = false
    around.sendSnapshot(node.number, to, snapshot, () => (isTaken = true))
    around.agenda.after(GIVE_UP_TIMEOUTS * around.config(node.id, life).electionTimeoutMs[1], () =>
      node.happen(life, () => {
        if (isTaken) return
        around.coverage.met('snapshot transfer failed')
        node.raft!.snapshotFailed(to)
        node.pump()
      }),
    )
  }
}
