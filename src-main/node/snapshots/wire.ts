/**
 * What nodes say to each other about a snapshot that is on its way. An offer names it; the receiver answers how much of
 * it it has, so that a stream goes on where a cut connection ended it; chunks carry the parts' bytes, one part behind
 * the other; each is acknowledged, which paces the sender.
 */
import { crc32c } from '../crc32c'
import { readUint53, UINT53_BYTES, writeUint53 } from '../uint53'
import { decodeManifest, encodeManifest, type Manifest } from './manifest'

/** Which snapshot: two leaders may make different ones of the same index. */
export interface StreamId {
  index: number
  /** CRC-32C of the manifest */
  sum: number
}

export type SnapshotFrame =
  | { type: 'offer'; id: StreamId; /** the sender leads in it */ term: number; manifest: Manifest }
  | { type: 'chunk'; id: StreamId; offset: number; data: Buffer }
  /** `received` bytes are here; done: the snapshot is durable or not needed any more */
  | { type: 'ack'; id: StreamId; received: number; isDone: boolean }

const TYPE_OFFER = 1
const TYPE_CHUNK = 2
const TYPE_ACK = 3
/** type, id, one number */
const HEAD_BYTES = 1 + UINT53_BYTES + 4 + UINT53_BYTES

export function idOf(manifest: Manifest): StreamId {
  return { index: manifest.index, sum: crc32c(encodeManifest(manifest)) }
}

export function isSame(a: StreamId, b: StreamId): boolean {
  return a.index === b.index && a.sum === b.sum
}

/** @returns `roomBytes` left free (frame header and stamp), then the frame's payload */
export function encodeSnapshotFrame(frame: SnapshotFrame, roomBytes: number): Buffer {
  switch (frame.type) {
    case 'offer':
      return encode(roomBytes, TYPE_OFFER, frame.id, frame.term, encodeManifest(frame.manifest))
    case 'chunk':
      return encode(roomBytes, TYPE_CHUNK, frame.id, frame.offset, frame.data)
    case 'ack':
      return encode(roomBytes, TYPE_ACK, frame.id, frame.received, Buffer.of(frame.isDone ? 1 : 0))
  }
}

/** @returns null when the bytes are no such frame */
export function decodeSnapshotFrame(bytes: Buffer, start: number): SnapshotFrame | null {
  if (bytes.length < start + HEAD_BYTES) return null
  const id = { index: readUint53(bytes, start + 1), sum: bytes.readUInt32LE(start + 9) }
  const number = readUint53(bytes, start + 13)
  const data = bytes.subarray(start + HEAD_BYTES)
  if (Number.isNaN(id.index) || Number.isNaN(number)) return null
  switch (bytes.readUInt8(start)) {
    case TYPE_OFFER: {
      const manifest = decodeManifest(data)
      return typeof manifest === 'string' ? null : { type: 'offer', id, term: number, manifest }
    }
    case TYPE_CHUNK:
      return data.length > 0 ? { type: 'chunk', id, offset: number, data } : null
    case TYPE_ACK:
      return data.length === 1 ? { type: 'ack', id, received: number, isDone: data[0] === 1 } : null
    default:
      return null
  }
}

function encode(roomBytes: number, type: number, id: StreamId, number: number, data: Uint8Array): Buffer {
  const buffer = Buffer.allocUnsafe(roomBytes + HEAD_BYTES + data.length)
  buffer.writeUInt8(type, roomBytes)
  writeUint53(buffer, id.index, roomBytes + 1)
  buffer.writeUInt32LE(id.sum, roomBytes + 9)
  writeUint53(buffer, number, roomBytes + 13)
  buffer.set(data, roomBytes + HEAD_BYTES)
  return buffer
}
