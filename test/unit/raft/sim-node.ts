/** One node of a simulated cluster: its core, its disk, what is on the way to that disk, and what it has said. */
import type { CoreEvent, Entry, Message, NodeId, Raft, Ready } from '../../../src-main/raft/types'
import type { Disk } from './invariants'

export interface SimNode {
  id: NodeId
  /** null while crashed */
  raft: Raft | null
  disk: Disk
  /** the log in memory as handed out for writing: disk plus writes under way */
  log: Entry[]
  life: number
  commit: number
  appliedIndex: number
  isPaused: boolean
  /** what happened to it while paused */
  held: (() => void)[]
  writes: { write: NonNullable<Ready['persist']>; send: Message[] }[]
  isSyncing: boolean
  tickAtMs: number
  events: (CoreEvent & { atMs: number })[]
  reads: Map<number, number>
  readsDone: number[]
  readsFailed: number[]
}

/** What one finished write leaves on the disk. */
export function writeTo(disk: Disk, { hardState, entries }: NonNullable<Ready['persist']>): void {
  if (hardState) disk.hardState = { ...hardState }
  if (entries.length === 0) return
  disk.entries.length = entries[0]!.index - 1
  disk.entries.push(...entries)
}

export function newNode(id: NodeId, disk: Disk = { hardState: { term: 0, vote: null }, entries: [] }): SimNode {
  return {
    id,
    raft: null,
    disk,
    log: disk.entries.slice(),
    life: 0,
    commit: 0,
    appliedIndex: 0,
    isPaused: false,
    held: [],
    writes: [],
    isSyncing: false,
    tickAtMs: Infinity,
    events: [],
    reads: new Map(),
    readsDone: [],
    readsFailed: [],
  }
}
