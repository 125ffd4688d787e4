/**
 * When this node makes a snapshot, of which kind, and what it cuts from its log afterwards. The state is captured at
 * once between two turns; writing it down takes its time beside the node's work.
 */
import type { SnapshotSettings } from '@shared/raft'
import type { SnapshotMeta } from '../../raft/types'
import type { StateMachine } from '../state/machine'
import type { SnapshotStore } from './store'

/** past this share of the keys a full snapshot costs little more than the changes, and starts a new chain */
const CHANGED_SHARE_MAX = 0.5
const LOOK_MS = 50

export interface SnapshotterOptions {
  store: SnapshotStore
  settings: SnapshotSettings
  machine: () => StateMachine
  /** what the core says about its log at this index */
  meta: (index: number) => SnapshotMeta | null
  nowMs: () => number
  /** the snapshot is durable: the log may go up to this index */
  cut: (index: number) => Promise<void>
  /** a new one is durable */
  onMade: (index: number, kind: 'full' | 'changes') => void
  /** the chain was broken, or anything else a person should know */
  onNote: (text: string) => void
  onFailure: (error: Error) => void
}

/** `isNew` false: nothing was applied since the newest one */
export type Made = { index: number; isNew: boolean; kind: 'full' | 'changes' | null }

export class Snapshotter {
  private making: Promise<Made> | null = null
  private timer: NodeJS.Timeout | null = null
  private lastMs: number

  constructor(private readonly options: SnapshotterOptions) {
    this.lastMs = options.nowMs()
  }

  start(): void {
    this.timer = setInterval(() => {
      if (this.making === null && this.isDue()) this.make().catch((error: unknown) => this.options.onFailure(error as Error))
    }, LOOK_MS)
  }

  /** Resolves when nothing is being written any more. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
    await this.making?.catch(() => undefined) // a failure was told where the making was asked for
  }

  /** @throws when the disk fails; whoever asks while one is being made gets that one */
  make(): Promise<Made> {
    this.making ??= this.run().finally(() => (this.making = null))
    return this.making
  }

  private isDue(): boolean {
    const { store, settings, machine, nowMs } = this.options
    const applied = machine().applied - (store.manifest?.index ?? 0)
    if (applied <= 0) return false
    return (settings.entries !== null && applied >= settings.entries) || (settings.ageMs !== null && nowMs() - this.lastMs >= settings.ageMs)
  }

  private async run(): Promise<Made> {
    const { store, settings, nowMs } = this.options
    const fault = await store.chainFault()
    const parts = store.manifest?.parts.length ?? 0
    if (fault !== null && parts > 0) this.options.onNote(`the chain of snapshots is broken, a full one follows: ${fault}`)
    const machine = this.options.machine()
    const newest = store.manifest?.index ?? 0
    const meta = machine.applied > newest ? this.options.meta(machine.applied) : null
    if (meta === null) return { index: newest, isNew: false, kind: null }
    const { keys, changed } = machine.size
    const isChainUsable = fault === null && parts < settings.chainMax && changed <= keys * CHANGED_SHARE_MAX
    const capture = machine.capture(isChainUsable ? 'changes' : 'full')
    await store.save(capture, meta)
    this.lastMs = nowMs()
    this.options.onMade(meta.index, capture.kind)
    await this.options.cut(Math.max(0, meta.index - settings.keptEntries))
    return { index: meta.index, isNew: true, kind: capture.kind }
  }
}
