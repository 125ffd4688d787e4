/** One node of a simulated cluster: its core, its disk, what is on the way to that disk, and what it has said. */
import type { CoreEvent, Entry, LogIndex, Membership, Message, NodeId, Raft, Ready } from '../../../src-main/raft/types'
import type { Disk } from './invariants'

/** every committed entry, as the snapshots of this cluster hold them */
type Committed = readonly { entry: Entry }[]

export interface SimNode {
  id: NodeId
  /** null while crashed */
  raft: Raft | null
  disk: Disk
  /** the log in memory as handed out for writing: disk plus writes under way */
  log: Entry[]
  life: number
  commit: number
  /** as it was at the end of the last step */
  membership: Membership | null
  appliedIndex: number
  isPaused: boolean
  /** what happened to it while paused */
  held: (() => void)[]
  writes: { write: NonNullable<Ready['persist']>; send: Message[] }[]
  isSyncing: boolean
  tickAtMs: number
  events: (CoreEvent & { atMs: number })[]
  reads: Map<number, number>
  snapshotsInstalled: number
  readsDone: number[]
  readsFailed: number[]
}

/** What one finished write leaves on the disk. */
export function writeTo(disk: Disk, { hardState, entries, restored }: NonNullable<Ready['persist']>, committed: Committed): void {
  if (hardState) disk.hardState = { ...hardState }
  if (restored) disk.entries = upTo(restored.index, committed)
  if (entries.length === 0) return
  disk.entries.length = entries[0]!.index - 1
  disk.entries.push(...entries)
}

/** @returns what a snapshot at `index` stands for */
export function upTo(index: LogIndex, committed: Committed): Entry[] {
  return committed.slice(0, index).map(({ entry }) => entry)
}

/** @returns the log that this disk amounts to */
export function logOn({ snapshot, entries }: Disk, committed: Committed): Entry[] {
  const isOneHistory = !snapshot || entries[snapshot.index - 1]?.term === snapshot.term
  return isOneHistory ? entries.slice() : upTo(snapshot.index, committed)
}

export function newNode(id: NodeId, disk: Disk = { hardState: { term: 0, vote: null }, entries: [] }): SimNode {
  return {
    id,
    raft: null,
    disk,
    log: disk.entries.slice(),
    life: 0,
    commit: 0,
    membership: null,
    appliedIndex: 0,
    isPaused: false,
    held: [],
    writes: [],
    isSyncing: false,
    tickAtMs: Infinity,
    events: [],
    reads: new Map(),
    snapshotsInstalled: 0,
    readsDone: [],
    readsFailed: [],
  }
}
