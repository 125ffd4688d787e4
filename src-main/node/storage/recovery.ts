/**
 * What a node finds in its log at start, segment by segment. Whole batches count. Behind the last whole batch there may
 * be a torn tail: it was never synced, so nothing in it was promised to anybody, and it is cut. But a bad record that has
 * a valid one of a *later batch* behind it, in the same segment or the next, was synced once and is damage: the node must
 * not start from it, since cutting there could lose entries that were acknowledged.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Entry, HardState } from '../../raft/types'
import { decodeFileHeader, FILE_HEADER_BYTES, parseRecord, type FileHeader, type WalRecord } from './record'

/** records between two looks at the sockets: /healthz has to answer while a long log is read */
const RECORDS_PER_TURN = 2_000

export interface Recovered {
  /** of the last segment read */
  header: FileHeader
  path: string
  hardState: HardState
  /** what the first of `entries` follows; the term is null where only an overwritten entry knew it */
  base: { index: number; term: number | null }
  entries: Entry[]
  /** number of the segment's last whole batch, 0 = none */
  batch: number
  /** where the next batch goes */
  endOffset: number
  /** bytes behind it that were never synced */
  tornBytes: number
}

/** The log can't be trusted; the message names what and where, for a person. */
export class CorruptLog extends Error {
  constructor(path: string, offset: number, what: string) {
    const remedy = 'The node stops rather than lose what it has acknowledged; restore the file or remove the node.'
    super(`log ${path}: ${what}, at offset ${offset}. ${remedy}`)
  }
}

/**
 * @param bytes the whole segment
 * @param before what the segments before it held; absent for the oldest
 * @returns null for a segment that never got its header: nothing was ever written behind it
 */
export async function recover(bytes: Buffer, path: string, before: Recovered | null = null): Promise<Recovered | null> {
  if (bytes.length < FILE_HEADER_BYTES) return null
  const header = decodeFileHeader(bytes)
  if (typeof header === 'string') {
    if (isZero(bytes, 0)) return null // the length reached the disk before the bytes did
    throw new CorruptLog(path, 0, header)
  }
  const found = begin(header, path, before)
  let offset = FILE_HEADER_BYTES
  let batch: { offset: number; record: WalRecord }[] = []
  for (let read = 1; offset < bytes.length; read++) {
    const parsed = parseRecord(bytes, offset, header.salt)
    if (parsed === null || parsed.batch !== found.batch + 1) break
    batch.push({ offset, record: parsed.record })
    offset = parsed.endOffset
    if (parsed.isLast) {
      for (const item of batch) take(found, item.record, item.offset)
      batch = []
      found.batch++
      found.endOffset = offset
    }
    if (read % RECORDS_PER_TURN === 0) await nextTurn()
  }
  if (isZero(bytes, found.endOffset)) return found // filled ahead, and nothing was written there
  await refuseIfSyncedBehind(bytes, offset, found)
  found.tornBytes = bytes.length - found.endOffset
  return found
}

/** A segment begins where the one before it ended, or where a snapshot that came from elsewhere says. */
function begin(header: FileHeader, path: string, before: Recovered | null): Recovered {
  const { previousIndex: index, previousTerm: term } = header
  const fresh = { header, path, batch: 0, endOffset: FILE_HEADER_BYTES, tornBytes: 0 }
  if (before === null) return { ...fresh, hardState: { term: 0, vote: null }, base: { index, term }, entries: [] }
  if (before.tornBytes > 0 || header.previousBatches !== before.batch) {
    const what = `batch ${before.batch + 1} of ${header.previousBatches} is damaged or gone, and segment ${header.segment} follows`
    throw new CorruptLog(before.path, before.endOffset, what)
  }
  const { base, entries, hardState } = before
  const kept = index - base.index
  const keptTerm = kept === 0 ? base.term : entries[kept - 1]?.term
  if (keptTerm !== term) return { ...fresh, hardState, base: { index, term }, entries: [] }
  entries.length = kept
  return { ...fresh, hardState, base, entries }
}

function take(found: Recovered, record: WalRecord, offset: number): void {
  const { path, entries } = found
  if (record.type === 'hardState') {
    const { hardState } = record
    if (!(hardState.term >= found.hardState.term)) throw new CorruptLog(path, offset, `the term falls to ${hardState.term}`)
    found.hardState = hardState
    return
  }
  const { index } = record.entry
  const position = index - found.base.index - 1
  if (!(index > 0 && position <= entries.length)) throw new CorruptLog(path, offset, `entry ${index} does not follow its predecessor`)
  // what it overwrites lay in a segment that is gone since; the snapshot has to reach this far, which its reader checks
  if (position < 0) found.base = { index: index - 1, term: null }
  entries.length = Math.max(0, position) // an entry replaces whatever the log held from its index on
  entries.push(record.entry)
}

/** Looks for a valid record of a batch after the one that is damaged: at any offset, since the damage may have hit a length. */
async function refuseIfSyncedBehind(bytes: Buffer, badOffset: number, found: Recovered): Promise<void> {
  const damagedBatch = found.batch + 1
  for (let offset = badOffset, tried = 1; offset < bytes.length; tried++) {
    const parsed = parseRecord(bytes, offset, found.header.salt)
    if (parsed !== null && parsed.batch > damagedBatch) {
      throw new CorruptLog(found.path, badOffset, `damaged record, and valid ones of later batches behind it (the first at ${offset})`)
    }
    offset = parsed === null ? offset + 1 : parsed.endOffset
    if (tried % 100_000 === 0) await nextTurn()
  }
}

function isZero(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false
  return true
}
