/**
 * The bytes a simulated disk would hold, in the very encoding of a node's log, and what a node finds in them: whole
 * batches count, a torn tail is cut, damage with a valid later batch behind it means that the node must not start.
 */
import type { Entry, HardState } from '../raft/types'
import { encodeBatch, parseRecord } from '../node/storage/record'

export interface Batch {
  hardState: HardState | null
  entries: readonly Entry[]
}

const SALT = 0x5eed

export interface Image {
  bytes: Buffer
  /** where each batch ends */
  ends: number[]
}

/** Batches count from 1, as in a file that was begun after the newest snapshot. */
export function imageOf(batches: readonly Batch[]): Image {
  const parts: Buffer[] = []
  const ends: number[] = []
  let end = 0
  for (const [i, { hardState, entries }] of batches.entries()) {
    const part = encodeBatch(hardState, entries, i + 1, SALT)
    if (part === null) throw new Error('disk: a batch of nothing was written')
    parts.push(part)
    ends.push((end += part.length))
  }
  return { bytes: Buffer.concat(parts), ends }
}

/** @returns the batches that survived, in order, or null when the log is damaged where it was synced once */
export function readBack(bytes: Buffer): Batch[] | null {
  const found: Batch[] = []
  let offset = 0
  let open: { hardState: HardState | null; entries: Entry[] } = { hardState: null, entries: [] }
  while (offset < bytes.length) {
    const parsed = parseRecord(bytes, offset, SALT)
    if (parsed === null || parsed.batch !== found.length + 1) break
    if (parsed.record.type === 'hardState') open.hardState = parsed.record.hardState
    else open.entries.push(parsed.record.entry)
    offset = parsed.endOffset
    if (!parsed.isLast) continue
    found.push(open)
    open = { hardState: null, entries: [] }
  }
  for (let at = offset; at < bytes.length; ) {
    const parsed = parseRecord(bytes, at, SALT)
    if (parsed !== null && parsed.batch > found.length + 1) return null
    at = parsed === null ? at + 1 : parsed.endOffset
  }
  return found
}
