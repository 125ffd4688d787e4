/** What one node's disk holds, and how a finished write changes it. */
import type { Entry, HardState, LogIndex, Ready, SnapshotMeta } from '../../../src-main/raft/types'

export type Write = NonNullable<Ready['persist']>

/** What the state machine holds: keys and values. */
export type State = ReadonlyMap<string, string>

export interface Snapshot {
  meta: SnapshotMeta
  state: State
}

export interface Disk {
  hardState: HardState
  snapshot: Snapshot | null
  /** in order, without gaps; they may begin anywhere up to the entry behind the snapshot */
  entries: Entry[]
}

export function emptyDisk(): Disk {
  return { hardState: { term: 0, vote: null }, snapshot: null, entries: [] }
}

export function writeTo(disk: Disk, write: Write): void {
  if (write.hardState) disk.hardState = { ...write.hardState }
  writeEntries(disk.entries, write)
}

/** `entries` replace whatever `log` holds from the first of them on; behind a restored snapshot all begins anew. */
export function writeEntries(log: Entry[], { entries, restored }: Write): void {
  if (restored) log.length = 0
  const [first] = entries
  if (!first) return
  while (log.length > 0 && log.at(-1)!.index >= first.index) log.pop()
  log.push(...entries)
}

/** Forgets entries up to `index`. */
export function cutTo(log: Entry[], index: LogIndex): void {
  while (log.length > 0 && log[0]!.index <= index) log.shift()
}

export function entryAt(log: readonly Entry[], index: LogIndex): Entry | undefined {
  return log[index - (log[0]?.index ?? 1)]
}

/** @returns up to where this disk knows the log, by entries or by a snapshot */
export function endOf({ entries, snapshot }: Disk): LogIndex {
  return entries.at(-1)?.index ?? snapshot?.meta.index ?? 0
}
