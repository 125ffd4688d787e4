/**
 * Frames between nodes: magic, version, type, flags, sequence, length, CRC-32C, payload.
 * A link may lose bytes in the middle and stay open, so every frame is checked and numbered; a reader that meets
 * a bad one gives the connection up, because nothing after it can be trusted.
 */
import { crc32c } from '../crc32c'

export const FRAME_HEADER_BYTES = 20
/** larger payloads travel in fragments, so that one frame never holds a reader's buffer for long */
export const FRAGMENT_BYTES_MAX = 64 * 1024
/** an append is bounded by the core at far less; anything above is damage or abuse */
export const PAYLOAD_BYTES_MAX = 32 * 1024 * 1024

const MAGIC = 0x464c5446 // "FLTF"
const VERSION = 1
const FLAG_MORE = 1
const CRC_OFFSET = 16

export enum FrameType {
  hello = 1,
  message = 2,
  ping = 3,
  /** a piece of a snapshot, or what is said about one */
  snapshot = 4,
}

/** Numbers and seals frames of one connection. */
export class FrameWriter {
  private sequence = 0

  /**
   * @param buffer the payload after FRAME_HEADER_BYTES of room; sealed in place, nothing is copied
   * @returns what to write, in order: one buffer, or one header and one piece a fragment
   */
  seal(type: FrameType, buffer: Buffer): Buffer[] {
    const payloadEnd = buffer.length
    if (payloadEnd - FRAME_HEADER_BYTES > PAYLOAD_BYTES_MAX) throw new Error(`frame: payload of ${payloadEnd} bytes is over the bound`)
    const firstEnd = Math.min(payloadEnd, FRAME_HEADER_BYTES + FRAGMENT_BYTES_MAX)
    const first = buffer.subarray(0, firstEnd)
    this.writeHeader(first, type, firstEnd < payloadEnd, first, FRAME_HEADER_BYTES)
    const pieces = [first]
    for (let at = firstEnd; at < payloadEnd; at += FRAGMENT_BYTES_MAX) {
      const piece = buffer.subarray(at, Math.min(payloadEnd, at + FRAGMENT_BYTES_MAX))
      const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES)
      this.writeHeader(header, type, at + FRAGMENT_BYTES_MAX < payloadEnd, piece, 0)
      pieces.push(header, piece)
    }
    return pieces
  }

  private writeHeader(header: Buffer, type: FrameType, hasMore: boolean, payload: Buffer, payloadStart: number): void {
    header.writeUInt32BE(MAGIC, 0)
    header.writeUInt8(VERSION, 4)
    header.writeUInt8(type, 5)
    header.writeUInt16LE(hasMore ? FLAG_MORE : 0, 6)
    header.writeUInt32LE(this.sequence, 8)
    header.writeUInt32LE(payload.length - payloadStart, 12)
    header.writeUInt32LE(crc32c(payload, crc32c(header, 0, 0, CRC_OFFSET), payloadStart), CRC_OFFSET)
    this.sequence = (this.sequence + 1) >>> 0
  }
}

/** Takes the bytes of one connection as they come and gives whole payloads; says why when a frame is bad. */
export class FrameReader {
  private waiting: Buffer[] = []
  private waitingBytes = 0
  /** bytes that must be there before another look is worth it */
  private neededBytes = FRAME_HEADER_BYTES
  private sequence = 0
  private fragments: Buffer[] = []
  private fragmentBytes = 0
  private fragmentType = 0
  private bad: string | null = null

  /** @param onPayload gets a view into what was read; it stays valid, nothing is reused */
  constructor(private readonly onPayload: (type: number, payload: Buffer) => void) {}

  /** @returns why the connection has to be closed, or null */
  push(chunk: Buffer): string | null {
    if (this.bad !== null) return this.bad
    this.waiting.push(chunk)
    this.waitingBytes += chunk.length
    if (this.waitingBytes < this.neededBytes) return null
    const bytes = this.waiting.length === 1 ? chunk : Buffer.concat(this.waiting, this.waitingBytes)
    const consumed = this.readFrames(bytes)
    this.waiting = consumed < bytes.length ? [bytes.subarray(consumed)] : []
    this.waitingBytes = bytes.length - consumed
    return this.bad
  }

  private readFrames(bytes: Buffer): number {
    let at = 0
    while (this.bad === null) {
      this.neededBytes = FRAME_HEADER_BYTES
      if (bytes.length - at < FRAME_HEADER_BYTES) break
      const length = bytes.readUInt32LE(at + 12)
      this.bad = this.headerFault(bytes, at, length)
      if (this.bad !== null) break
      this.neededBytes = FRAME_HEADER_BYTES + length
      if (bytes.length - at < this.neededBytes) break
      const end = at + this.neededBytes
      const sum = crc32c(bytes, crc32c(bytes, 0, at, at + CRC_OFFSET), at + FRAME_HEADER_BYTES, end)
      if (sum !== bytes.readUInt32LE(at + CRC_OFFSET)) {
        this.bad = 'checksum does not fit'
        break
      }
      if (bytes.readUInt32LE(at + 8) === this.sequence) {
        this.sequence = (this.sequence + 1) >>> 0
        this.bad = this.takeFragment(bytes.readUInt8(at + 5), bytes.readUInt16LE(at + 6), bytes.subarray(at + FRAME_HEADER_BYTES, end))
      }
      at = end
    }
    return at
  }

  private headerFault(bytes: Buffer, at: number, length: number): string | null {
    if (bytes.readUInt32BE(at) !== MAGIC) return 'no frame starts here'
    if (bytes.readUInt8(at + 4) !== VERSION) return `frame version ${bytes.readUInt8(at + 4)}, this node speaks ${VERSION}`
    if (length > FRAGMENT_BYTES_MAX) return `frame of ${length} bytes is over the bound`
    const sequence = bytes.readUInt32LE(at + 8)
    if (sequence !== this.sequence && !this.isPast(sequence)) return `frame ${sequence} where ${this.sequence} was due`
    return null
  }

  /** A frame that came before is dropped when it comes again; numbers wrap around. */
  private isPast(sequence: number): boolean {
    return ((sequence - this.sequence) | 0) < 0
  }

  private takeFragment(type: number, flags: number, payload: Buffer): string | null {
    if (this.fragments.length > 0 && type !== this.fragmentType) return `fragment of type ${type} inside type ${this.fragmentType}`
    const hasMore = (flags & FLAG_MORE) !== 0
    if (!hasMore && this.fragments.length === 0) {
      this.onPayload(type, payload)
      return null
    }
    this.fragmentType = type
    this.fragments.push(payload)
    this.fragmentBytes += payload.length
    if (this.fragmentBytes > PAYLOAD_BYTES_MAX) return `payload of more than ${PAYLOAD_BYTES_MAX} bytes`
    if (!hasMore) {
      const whole = Buffer.concat(this.fragments, this.fragmentBytes)
      this.fragments = []
      this.fragmentBytes = 0
      this.onPayload(type, whole)
    }
    return null
  }
}
