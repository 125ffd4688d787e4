/**
 * Raft messages as bytes: fixed little-endian fields, entries one behind the other. Sender and receiver are not
 * in it: a connection carries one directed link, and its hello said whose.
 */
import type { Entry, Message, NodeId } from '../../raft/types'
import { readUint53, UINT53_BYTES, writeUint53 } from '../uint53'

enum Kind {
  vote = 1,
  voteReply = 2,
  append = 3,
  appendReply = 4,
  timeoutNow = 5,
}

const FLAG_PRE = 1
const FLAG_GRANTED = 2
const FLAG_ACCEPTED = 4
const FLAG_TRANSFER = 8

/** what stands for an entry's type on the wire: its place here */
const ENTRY_TYPES: readonly Entry['type'][] = ['noop', 'command', 'config']

/** kind, flags, term */
const HEAD_BYTES = 2 + UINT53_BYTES
const APPEND_BYTES = HEAD_BYTES + 4 * UINT53_BYTES + 4
/** term, type, length; the index follows from prevIndex */
const ENTRY_HEAD_BYTES = UINT53_BYTES + 1 + 4

/** @returns `roomBytes` left free (frame header and stamp), then the message */
export function encodeMessage(message: Message, roomBytes: number): Buffer {
  switch (message.type) {
    case 'vote': {
      const flags = (message.pre ? FLAG_PRE : 0) | (message.transfer ? FLAG_TRANSFER : 0)
      const buffer = head(message.term, Kind.vote, flags, roomBytes, HEAD_BYTES + 2 * UINT53_BYTES)
      writeNumbers(buffer, roomBytes + HEAD_BYTES, message.lastIndex, message.lastTerm)
      return buffer
    }
    case 'voteReply':
      return head(message.term, Kind.voteReply, (message.pre ? FLAG_PRE : 0) | (message.granted ? FLAG_GRANTED : 0), roomBytes, HEAD_BYTES)
    case 'append':
      return encodeAppend(message, roomBytes)
    case 'appendReply': {
      const flags = message.accepted ? FLAG_ACCEPTED : 0
      const buffer = head(message.term, Kind.appendReply, flags, roomBytes, HEAD_BYTES + 4 * UINT53_BYTES)
      writeNumbers(buffer, roomBytes + HEAD_BYTES, message.round, message.match, message.conflictIndex, message.conflictTerm)
      return buffer
    }
    case 'timeoutNow':
      return head(message.term, Kind.timeoutNow, 0, roomBytes, HEAD_BYTES)
  }
}

/** @returns null when the bytes are no message: the frame was whole, so its sender is of another kind */
export function decodeMessage(bytes: Buffer, start: number, from: NodeId, to: NodeId): Message | null {
  const end = bytes.length
  const at = start + HEAD_BYTES
  if (end < at) return null
  const flags = bytes.readUInt8(start + 1)
  const term = readUint53(bytes, start + 2)
  switch (bytes.readUInt8(start)) {
    case Kind.vote: {
      if (end !== at + 2 * UINT53_BYTES) return null
      const [lastIndex, lastTerm] = [readUint53(bytes, at), readUint53(bytes, at + 8)]
      if (!areWhole(term, lastIndex, lastTerm)) return null
      const [pre, transfer] = [(flags & FLAG_PRE) !== 0, (flags & FLAG_TRANSFER) !== 0]
      return { type: 'vote', from, to, term, pre, transfer, lastIndex, lastTerm }
    }
    case Kind.voteReply:
      if (end !== at || !areWhole(term)) return null
      return { type: 'voteReply', from, to, term, pre: (flags & FLAG_PRE) !== 0, granted: (flags & FLAG_GRANTED) !== 0 }
    case Kind.append:
      return decodeAppend(bytes, start, from, to, term)
    case Kind.appendReply: {
      if (end !== at + 4 * UINT53_BYTES) return null
      const [round, match] = [readUint53(bytes, at), readUint53(bytes, at + 8)]
      const [conflictIndex, conflictTerm] = [readUint53(bytes, at + 16), readUint53(bytes, at + 24)]
      if (!areWhole(term, round, match, conflictIndex, conflictTerm)) return null
      return { type: 'appendReply', from, to, term, round, accepted: (flags & FLAG_ACCEPTED) !== 0, match, conflictIndex, conflictTerm }
    }
    case Kind.timeoutNow:
      return end === at && areWhole(term) ? { type: 'timeoutNow', from, to, term } : null
    default:
      return null
  }
}

function encodeAppend(message: Extract<Message, { type: 'append' }>, roomBytes: number): Buffer {
  let bytes = APPEND_BYTES
  for (const entry of message.entries) bytes += ENTRY_HEAD_BYTES + entry.data.length
  const buffer = head(message.term, Kind.append, 0, roomBytes, bytes)
  let at = writeNumbers(buffer, roomBytes + HEAD_BYTES, message.prevIndex, message.prevTerm, message.commit, message.round)
  at = buffer.writeUInt32LE(message.entries.length, at)
  for (const entry of message.entries) {
    at = writeUint53(buffer, entry.term, at)
    at = buffer.writeUInt8(ENTRY_TYPES.indexOf(entry.type), at)
    at = buffer.writeUInt32LE(entry.data.length, at)
    buffer.set(entry.data, at)
    at += entry.data.length
  }
  return buffer
}

function decodeAppend(bytes: Buffer, start: number, from: NodeId, to: NodeId, term: number): Message | null {
  let at = start + HEAD_BYTES
  if (bytes.length < start + APPEND_BYTES) return null
  const [prevIndex, prevTerm] = [readUint53(bytes, at), readUint53(bytes, at + 8)]
  const [commit, round] = [readUint53(bytes, at + 16), readUint53(bytes, at + 24)]
  const count = bytes.readUInt32LE(at + 32)
  at = start + APPEND_BYTES
  if (!areWhole(term, prevIndex, prevTerm, commit, round) || count * ENTRY_HEAD_BYTES > bytes.length - at) return null
  const entries: Entry[] = []
  for (let i = 0; i < count; i++) {
    if (bytes.length - at < ENTRY_HEAD_BYTES) return null
    const entryTerm = readUint53(bytes, at)
    const type = ENTRY_TYPES[bytes.readUInt8(at + 8)]
    const dataStart = at + ENTRY_HEAD_BYTES
    at = dataStart + bytes.readUInt32LE(at + 9)
    if (at > bytes.length || type === undefined || !areWhole(entryTerm)) return null
    entries.push({ index: prevIndex + 1 + i, term: entryTerm, type, data: bytes.subarray(dataStart, at) })
  }
  return at === bytes.length ? { type: 'append', from, to, term, prevIndex, prevTerm, entries, commit, round } : null
}

function head(term: number, kind: Kind, flags: number, roomBytes: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(roomBytes + bytes)
  buffer.writeUInt8(kind, roomBytes)
  buffer.writeUInt8(flags, roomBytes + 1)
  writeUint53(buffer, term, roomBytes + 2)
  return buffer
}

function writeNumbers(buffer: Buffer, at: number, ...values: number[]): number {
  for (const value of values) at = writeUint53(buffer, value, at)
  return at
}

function areWhole(...values: number[]): boolean {
  return values.every((value) => !Number.isNaN(value))
}
