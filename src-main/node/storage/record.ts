/**
 * How the log looks on disk. A file header, then records; every byte of both is under a CRC-32C that starts from
 * the file's own salt, so that neither a record of another file nor a value that looks like a record passes.
 *
 *   header  magic 8 · version 4 · segment 4 · salt 4 · batches of the segment before 4 · index and term the log ended with 8 + 8 · crc 4
 *   record  crc 4 · length 4 · batch 6 · type 1 · flags 1 · payload
 *
 * A batch is what one write and one fsync made durable; its last record says so. Batches count up without a gap, from 1 in
 * each segment. The first batch of a segment repeats the hard state, so that the segments before it may go.
 */
import { crc32c } from '../crc32c'
import type { Entry, HardState } from '../../raft/types'
import { readUint53, UINT53_BYTES, writeUint53 } from '../uint53'

export const FILE_HEADER_BYTES = 44
export const RECORD_HEADER_BYTES = 16
/** a value of 1 MiB with its key and session is far below; a length above this is damage */
export const RECORD_BYTES_MAX = 16 * 1024 * 1024

const MAGIC = 'FLTWAL\r\n' // a transfer that mends line ends would show at once
const VERSION = 1
const TYPE_HARD_STATE = 1
const TYPE_ENTRY = 2
const FLAG_LAST = 1
/** what stands for an entry's type: its place here */
const ENTRY_TYPES: readonly Entry['type'][] = ['noop', 'command', 'config']
const ENTRY_HEAD_BYTES = 2 * UINT53_BYTES + 1

export interface FileHeader {
  segment: number
  salt: number
  /** batches in the segment before: one that lost its end at a batch's border is found by it */
  previousBatches: number
  /** where the log ended when this segment began; below what the segments before hold when a snapshot replaced it */
  previousIndex: number
  previousTerm: number
}

export type WalRecord = { type: 'hardState'; hardState: HardState } | { type: 'entry'; entry: Entry }

export interface ParsedRecord {
  batch: number
  isLast: boolean
  record: WalRecord
  endOffset: number
}

export function encodeFileHeader(header: FileHeader): Buffer {
  const buffer = Buffer.alloc(FILE_HEADER_BYTES)
  buffer.write(MAGIC, 0, 'latin1')
  buffer.writeUInt32LE(VERSION, 8)
  buffer.writeUInt32LE(header.segment, 12)
  buffer.writeUInt32LE(header.salt, 16)
  buffer.writeUInt32LE(header.previousBatches, 20)
  writeUint53(buffer, header.previousIndex, 24)
  writeUint53(buffer, header.previousTerm, 32)
  buffer.writeUInt32LE(crc32c(buffer, 0, 0, 40), 40)
  return buffer
}

/** @returns the header, or what is wrong with it */
export function decodeFileHeader(bytes: Buffer): FileHeader | string {
  if (bytes.length < FILE_HEADER_BYTES) return 'the file header is cut short'
  if (bytes.toString('latin1', 0, 8) !== MAGIC) return 'this is no log of ours'
  if (crc32c(bytes, 0, 0, 40) !== bytes.readUInt32LE(40)) return 'the checksum of the file header does not fit'
  if (bytes.readUInt32LE(8) !== VERSION) return `the log has version ${bytes.readUInt32LE(8)}, this node reads ${VERSION}`
  return {
    segment: bytes.readUInt32LE(12),
    salt: bytes.readUInt32LE(16),
    previousBatches: bytes.readUInt32LE(20),
    previousIndex: readUint53(bytes, 24),
    previousTerm: readUint53(bytes, 32),
  }
}

/** One batch as one buffer: a hard state first, then entries. @returns null when there is nothing to write */
export function encodeBatch(hardState: HardState | null, entries: readonly Entry[], batch: number, salt: number): Buffer | null {
  if (hardState === null && entries.length === 0) return null
  const vote = hardState === null ? null : Buffer.from(hardState.vote ?? '')
  let bytes = vote === null ? 0 : RECORD_HEADER_BYTES + UINT53_BYTES + 1 + vote.length
  for (const entry of entries) bytes += RECORD_HEADER_BYTES + ENTRY_HEAD_BYTES + entry.data.length
  const buffer = Buffer.allocUnsafe(bytes)
  let at = 0
  if (hardState !== null && vote !== null) {
    const payload = at + RECORD_HEADER_BYTES
    writeUint53(buffer, hardState.term, payload)
    buffer.writeUInt8(hardState.vote === null ? 0 : 1, payload + UINT53_BYTES)
    buffer.set(vote, payload + UINT53_BYTES + 1)
    at = sealRecord(buffer, at, payload + UINT53_BYTES + 1 + vote.length, TYPE_HARD_STATE, batch, entries.length === 0, salt)
  }
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!
    const payload = at + RECORD_HEADER_BYTES
    writeUint53(buffer, entry.index, payload)
    writeUint53(buffer, entry.term, payload + UINT53_BYTES)
    buffer.writeUInt8(ENTRY_TYPES.indexOf(entry.type), payload + 2 * UINT53_BYTES)
    buffer.set(entry.data, payload + ENTRY_HEAD_BYTES)
    at = sealRecord(buffer, at, payload + ENTRY_HEAD_BYTES + entry.data.length, TYPE_ENTRY, batch, i === entries.length - 1, salt)
  }
  return buffer
}

/** @returns the record at `offset`, or null when no valid one starts there */
export function parseRecord(bytes: Buffer, offset: number, salt: number): ParsedRecord | null {
  if (bytes.length - offset < RECORD_HEADER_BYTES) return null
  const type = bytes.readUInt8(offset + 14)
  if (type !== TYPE_HARD_STATE && type !== TYPE_ENTRY) return null // cheap first: the search after damage tries every offset
  const length = bytes.readUInt32LE(offset + 4)
  const endOffset = offset + RECORD_HEADER_BYTES + length
  if (length > RECORD_BYTES_MAX || endOffset > bytes.length) return null
  if (crc32c(bytes, salt, offset + 4, endOffset) !== bytes.readUInt32LE(offset)) return null
  const payload = bytes.subarray(offset + RECORD_HEADER_BYTES, endOffset)
  const record = type === TYPE_HARD_STATE ? parseHardState(payload) : parseEntry(payload)
  if (record === null) return null
  return { batch: bytes.readUIntLE(offset + 8, 6), isLast: (bytes.readUInt8(offset + 15) & FLAG_LAST) !== 0, record, endOffset }
}

function sealRecord(buffer: Buffer, at: number, end: number, type: number, batch: number, isLast: boolean, salt: number): number {
  buffer.writeUInt32LE(end - at - RECORD_HEADER_BYTES, at + 4)
  buffer.writeUIntLE(batch, at + 8, 6)
  buffer.writeUInt8(type, at + 14)
  buffer.writeUInt8(isLast ? FLAG_LAST : 0, at + 15)
  buffer.writeUInt32LE(crc32c(buffer, salt, at + 4, end), at)
  return end
}

function parseHardState(payload: Buffer): WalRecord | null {
  if (payload.length < UINT53_BYTES + 1) return null
  const vote = payload.readUInt8(UINT53_BYTES) === 0 ? null : payload.toString('utf8', UINT53_BYTES + 1)
  return { type: 'hardState', hardState: { term: readUint53(payload, 0), vote } }
}

function parseEntry(payload: Buffer): WalRecord | null {
  const type = payload.length < ENTRY_HEAD_BYTES ? undefined : ENTRY_TYPES[payload.readUInt8(2 * UINT53_BYTES)]
  if (type === undefined) return null
  return {
    type: 'entry',
    entry: {
      index: readUint53(payload, 0),
      term: readUint53(payload, UINT53_BYTES),
      type,
      data: payload.subarray(ENTRY_HEAD_BYTES),
    },
  }
}
