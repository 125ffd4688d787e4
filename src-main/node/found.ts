/** What a node finds on its disk at start: the newest snapshot, and the log behind it. */
import { SNAPSHOT_DEFAULTS } from '@shared/raft'
import type { Durable, SnapshotMeta } from '../raft/types'
import type { NodeConfig } from './child'
import type { Harms } from './harms'
import { SnapshotStore } from './snapshots/store'
import { StateMachine } from './state/machine'
import { flipBit } from './storage/bit-flip'
import { readForced, takeForced } from './storage/forced-members'
import { openWal, type Wal } from './storage/wal'

export interface Found {
  store: SnapshotStore
  /** as the snapshot left it */
  machine: StateMachine
  wal: Wal
  durable: Durable
  /** bytes of a torn tail that were cut from the log */
  tornBytes: number
  /** what was done to a bit of the log, in words; null = nothing */
  flipped: string | null
}

/** @throws CorruptLog or CorruptSnapshot when one can't be trusted, system errors when it can't be read */
export async function findOnDisk({ dir, raft, test, forced: word }: NodeConfig, harms: Harms): Promise<Found> {
  const flipped = await flipBit(dir, harms.of('bit-flip')[0]?.seed ?? null)
  const { store, machine } = await SnapshotStore.open(dir)
  const snapshot: SnapshotMeta | null = metaOf(store)
  const { keptEntries } = { ...SNAPSHOT_DEFAULTS, ...raft.snapshot }
  const { wal, durable, tornBytes } = await openWal(dir, { ...test, harms }, snapshot, keptEntries + 1) // one more tells the term before them
  const known = Math.max(durable.hardState.term, snapshot?.term ?? 0)
  const forced = word ? await takeForced(dir, word, known) : await readForced(dir)
  return { store, machine: machine ?? new StateMachine(), wal, durable: { ...durable, snapshot, forced }, tornBytes, flipped }
}

function metaOf({ manifest }: SnapshotStore): SnapshotMeta | null {
  return manifest && { index: manifest.index, term: manifest.term, membership: manifest.membership }
}
