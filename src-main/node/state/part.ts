/**
 * A capture of the state as bytes: one part of a snapshot. Little endian, lengths before texts and values. It carries
 * no checksum of its own: the snapshot's manifest has one for each part.
 *
 *   head     magic 8 · version 1 · kind 1 · index 8 · term 8 · keys 4 · sessions dropped 4 · sessions used 4
 *   key      length 2 · value length + 1, or 0 when it is gone 4 · key · value
 *   dropped  length 1 · client
 *   used     length 1 · answer 1 · swapped 1 · seq 8 · index 8 · term 8 · prior length + 1, or 0 for none 4 · client · prior
 */
import { readUint53, writeUint53 } from '../uint53'
import type { Applied, Capture } from './machine'

const MAGIC = 'FLTSNP\r\n'
const VERSION = 1
const HEAD_BYTES = 38
const KEY_HEAD_BYTES = 6
const USED_HEAD_BYTES = 31
/** what is encoded at once; one large value may make a piece larger */
const PIECE_BYTES = 256 * 1024

const ANSWERS: readonly Applied['kind'][] = ['done', 'too-large', 'old-sequence', 'session-expired', 'nothing']
const SWAPPED: readonly (boolean | null)[] = [null, false, true]

/** @returns piece after piece, so that a large state neither fills the memory twice nor holds up the loop */
export function* encodePart(capture: Capture): Generator<Buffer, void> {
  const piece = new Piece()
  const { keys, sessions } = capture
  const head = piece.room(HEAD_BYTES)
  head.write(MAGIC, 0, 'latin1')
  head.writeUInt8(VERSION, 8)
  head.writeUInt8(capture.kind === 'full' ? 0 : 1, 9)
  writeUint53(head, capture.index, 10)
  writeUint53(head, capture.term, 18)
  head.writeUInt32LE(keys.length, 26)
  head.writeUInt32LE(sessions.dropped.length, 30)
  head.writeUInt32LE(sessions.used.length, 34)
  for (const [key, value] of keys) {
    const name = Buffer.from(key)
    const bytes = KEY_HEAD_BYTES + name.length + (value?.length ?? 0)
    if (piece.isFullWith(bytes)) yield piece.take()
    const room = piece.room(bytes)
    room.writeUInt16LE(name.length, 0)
    room.writeUInt32LE(value === null ? 0 : value.length + 1, 2)
    room.set(name, KEY_HEAD_BYTES)
    if (value !== null) room.set(value, KEY_HEAD_BYTES + name.length)
  }
  for (const client of sessions.dropped) {
    const name = Buffer.from(client)
    if (piece.isFullWith(1 + name.length)) yield piece.take()
    const room = piece.room(1 + name.length)
    room.writeUInt8(name.length, 0)
    room.set(name, 1)
  }
  for (const { client, seq, answer } of sessions.used) {
    const name = Buffer.from(client)
    const done = answer.kind === 'done' ? answer : { index: 0, term: 0, prior: null, swapped: null }
    const bytes = USED_HEAD_BYTES + name.length + (done.prior?.length ?? 0)
    if (piece.isFullWith(bytes)) yield piece.take()
    const room = piece.room(bytes)
    room.writeUInt8(name.length, 0)
    room.writeUInt8(ANSWERS.indexOf(answer.kind), 1)
    room.writeUInt8(SWAPPED.indexOf(done.swapped), 2)
    writeUint53(room, seq, 3)
    writeUint53(room, done.index, 11)
    writeUint53(room, done.term, 19)
    room.writeUInt32LE(done.prior === null ? 0 : done.prior.length + 1, 27)
    room.set(name, USED_HEAD_BYTES)
    if (done.prior !== null) room.set(done.prior, USED_HEAD_BYTES + name.length)
  }
  yield piece.take()
}

/** @returns the capture, its values copied out of `bytes`; or what is wrong */
export function decodePart(bytes: Buffer): Capture | string {
  if (bytes.length < HEAD_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return 'this is no part of a snapshot'
  if (bytes.readUInt8(8) !== VERSION) return `the part has version ${bytes.readUInt8(8)}, this node reads ${VERSION}`
  const kind = bytes.readUInt8(9) === 0 ? 'full' : 'changes'
  const capture: Capture = { kind, index: readUint53(bytes, 10), term: readUint53(bytes, 18), keys: [], sessions: { used: [], dropped: [] } }
  const reader = new PartReader(bytes, HEAD_BYTES)
  try {
    for (let left = bytes.readUInt32LE(26); left > 0; left--) capture.keys.push(reader.key())
    for (let left = bytes.readUInt32LE(30); left > 0; left--) capture.sessions.dropped.push(reader.dropped())
    for (let left = bytes.readUInt32LE(34); left > 0; left--) capture.sessions.used.push(reader.used())
  } catch (error) {
    return `the part ends early: ${(error as Error).message}`
  }
  return reader.at === bytes.length ? capture : `${bytes.length - reader.at} bytes behind the end of the part`
}

class Piece {
  private buffer = Buffer.allocUnsafe(PIECE_BYTES)
  private used = 0

  isFullWith(bytes: number): boolean {
    return this.used > 0 && this.used + bytes > this.buffer.length
  }

  room(bytes: number): Buffer {
    if (this.used + bytes > this.buffer.length) this.buffer = Buffer.allocUnsafe(bytes) // only when nothing is in it
    this.used += bytes
    return this.buffer.subarray(this.used - bytes, this.used)
  }

  take(): Buffer {
    const full = this.buffer.subarray(0, this.used)
    this.buffer = Buffer.allocUnsafe(PIECE_BYTES)
    this.used = 0
    return full
  }
}

/** Reads past the end throw a RangeError, as Buffer's own do. */
class PartReader {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  key(): Capture['keys'][number] {
    const nameBytes = this.bytes.readUInt16LE(this.at)
    const value = this.bytes.readUInt32LE(this.at + 2)
    this.at += KEY_HEAD_BYTES
    const key = this.view(nameBytes).toString('utf8')
    return [key, this.optional(value)]
  }

  dropped(): string {
    const nameBytes = this.bytes.readUInt8(this.at++)
    return this.view(nameBytes).toString('utf8')
  }

  used(): Capture['sessions']['used'][number] {
    const { bytes, at } = this
    const kind = ANSWERS[bytes.readUInt8(at + 1)]
    const swapped = SWAPPED[bytes.readUInt8(at + 2)]
    const [seq, index, term] = [readUint53(bytes, at + 3), readUint53(bytes, at + 11), readUint53(bytes, at + 19)]
    const prior = bytes.readUInt32LE(at + 27)
    if (kind === undefined || swapped === undefined) throw new RangeError('an answer of a kind this node does not know')
    this.at += USED_HEAD_BYTES
    const client = this.view(bytes.readUInt8(at)).toString('utf8')
    const priorValue = this.optional(prior)
    return { client, seq, answer: kind === 'done' ? { kind, index, term, prior: priorValue, swapped } : { kind } }
  }

  private optional(lengthAndOne: number): Uint8Array | null {
    return lengthAndOne === 0 ? null : Uint8Array.from(this.view(lengthAndOne - 1))
  }

  private view(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new RangeError(`${length} bytes at ${this.at} of ${this.bytes.length}`)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
}
