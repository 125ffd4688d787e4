/** What a node finds on its disk at start: the newest snapshot, and the log behind it. */
import type { Durable, SnapshotMeta } from '../raft/types'
import type { NodeConfig } from './child'
import type { Harms } from './harms'
import { SnapshotStore } from './snapshots/store'
import { StateMachine } from './state/machine'
import { openWal, type Wal } from './storage/wal'

export interface Found {
  store: SnapshotStore
  /** as the snapshot left it */
  machine: StateMachine
  wal: Wal
  durable: Durable
  /** bytes of a torn tail that were cut from the log */
  tornBytes: number
}

/** @throws CorruptLog or CorruptSnapshot when one can't be trusted, system errors when it can't be read */
export async function findOnDisk({ dir, test }: NodeConfig, harms: Harms): Promise<Found> {
  const { store, machine } = await SnapshotStore.open(dir)
  const snapshot: SnapshotMeta | null = metaOf(store)
  const { wal, durable, tornBytes } = await openWal(dir, { ...test, harms }, snapshot)
  return { store, machine: machine ?? new StateMachine(), wal, durable: { ...durable, snapshot }, tornBytes }
}

function metaOf({ manifest }: SnapshotStore): SnapshotMeta | null {
  return manifest && { index: manifest.index, term: manifest.term, membership: manifest.membership }
}
