/**
 * Our own direction of a link: one connection, dialled by us, carrying only our frames. It redials quickly when it
 * breaks and keeps almost nothing when it can't send: the core sends again what still matters, and what is old by the
 * time a link heals only delays what is new.
 */
import { connect, type Socket } from 'node:net'
import type { Message } from '../../raft/types'
import { FRAME_HEADER_BYTES, FrameType, FrameWriter } from './frame'
import type { Fate } from './frame-fate'
import { encodeHello, type Hello } from './hello'
import { encodeMessage } from './message'
import { type RoundTrip, STAMP_BYTES } from './round-trip'

/** A dead peer behind a proxy accepts and closes at once, so a dial that works means little: wait again unless it lasted. */
const REDIAL_MS_MIN = 20
const REDIAL_MS_MAX = 100
const LASTED_MS = 500
const CONNECT_TIMEOUT_MS = 1_000
/** bytes the socket may hold unsent; past that the link is stalled and only the newest of each kind is kept */
const BACKLOG_BYTES_MAX = 1024 * 1024
/** the frame's number on this connection, from 1 */
const NUMBER_BYTES = 4
/** what every frame begins with: its number, then its stamp */
export const PREFIX_BYTES = NUMBER_BYTES + STAMP_BYTES
/** left free in front of every payload: frame header and prefix */
export const ROOM_BYTES = FRAME_HEADER_BYTES + PREFIX_BYTES
/** a frame that is to be overtaken waits so long for another; then a ping overtakes it */
const LATE_MS_MAX = 50
const LATE_FRAMES_MAX = 16

export const readNumber = (payload: Buffer): number => payload.readUInt32LE(0)
export const stampOf = (payload: Buffer): Buffer => payload.subarray(NUMBER_BYTES)

export class OutgoingLink {
  isConnected = false
  /** frames handed to the socket, and messages given up, since the start of this process */
  sent = 0
  dropped = 0
  /** draws what becomes of each frame; null = it is sent */
  fate: (() => Fate) | null = null
  private lastSentMs = 0
  private number = 0
  private readonly late: { type: FrameType; buffer: Buffer }[] = []
  private lateTimer: NodeJS.Timeout | null = null
  private socket: Socket | null = null
  private writer = new FrameWriter()
  private redialMs = REDIAL_MS_MIN
  private redialTimer: NodeJS.Timeout | null = null
  private isClosed = false
  private isCorked = false
  /** at most one message a kind: a newer heartbeat, vote or answer replaces an older one */
  private readonly held = new Map<Message['type'], Message>()

  constructor(
    private readonly port: number,
    private readonly hash: Buffer,
    private readonly hello: Hello,
    private readonly roundTrip: RoundTrip,
    private readonly nowMs: () => number,
  ) {}

  dial(): void {
    if (this.isClosed) return
    const socket = connect({ host: '127.0.0.1', port: this.port, noDelay: true })
    const dialledMs = this.nowMs()
    this.socket = socket
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      if (!this.isConnected) socket.destroy()
    })
    socket.on('connect', () => {
      socket.setTimeout(0)
      this.isConnected = true
      this.writer = new FrameWriter()
      this.number = 0
      for (const piece of this.writer.seal(FrameType.hello, encodeHello(this.hash, this.hello, FRAME_HEADER_BYTES))) socket.write(piece)
      this.ping()
    })
    socket.on('drain', () => this.sendHeld())
    socket.on('data', () => socket.destroy()) // nothing ever comes back here: whoever answers is no peer
    socket.on('error', () => undefined) // 'close' follows, and there the link redials
    socket.on('close', () => this.broken(this.nowMs() - dialledMs))
  }

  send(message: Message): void {
    if (!this.isConnected || this.socket === null) {
      this.dropped++
      return
    }
    if (this.socket.writableLength <= BACKLOG_BYTES_MAX) {
      this.write(FrameType.message, encodeMessage(message, ROOM_BYTES))
    } else if (message.type === 'append' && message.entries.length > 0) {
      this.dropped++
    } else {
      if (this.held.has(message.type)) this.dropped++
      this.held.set(message.type, message)
    }
  }

  /** @param buffer the payload after ROOM_BYTES; dropped while the link is stalled: its sender asks again */
  sendSnapshot(buffer: Buffer): void {
    if (this.isConnected && this.socket !== null && this.socket.writableLength <= BACKLOG_BYTES_MAX) this.write(FrameType.snapshot, buffer)
    else this.dropped++
  }

  /** A frame that carries only its stamp, so that a link without traffic has a round-trip time and shows a cut. */
  ping(idleMs = 0): void {
    if (this.socket === null || !this.isConnected || this.nowMs() - this.lastSentMs < idleMs) return
    if (this.socket.writableLength <= BACKLOG_BYTES_MAX) this.write(FrameType.ping, Buffer.allocUnsafe(ROOM_BYTES))
  }

  close(): void {
    this.isClosed = true
    if (this.redialTimer !== null) clearTimeout(this.redialTimer)
    this.forgetLate()
    this.socket?.destroy()
  }

  private write(type: FrameType, buffer: Buffer): void {
    const socket = this.socket
    if (socket === null) return
    this.lastSentMs = this.nowMs()
    buffer.writeUInt32LE(++this.number, FRAME_HEADER_BYTES)
    this.roundTrip.writeStamp(buffer, FRAME_HEADER_BYTES + NUMBER_BYTES, this.lastSentMs)
    const fate = this.fate?.() ?? 'sent'
    if (fate === 'lost') return
    if (fate === 'late' && this.late.length < LATE_FRAMES_MAX) return this.hold(type, buffer)
    const again = fate === 'twice' ? Buffer.from(buffer) : null // a frame is sealed in place
    this.put(socket, type, buffer)
    if (again !== null) this.put(socket, type, again)
    this.releaseLate(socket)
  }

  private hold(type: FrameType, buffer: Buffer): void {
    this.late.push({ type, buffer })
    this.lateTimer ??= setTimeout(() => {
      const { fate } = this
      this.fate = null
      this.ping()
      this.fate = fate
    }, LATE_MS_MAX)
  }

  private releaseLate(socket: Socket): void {
    if (this.lateTimer === null) return
    clearTimeout(this.lateTimer)
    this.lateTimer = null
    for (const { type, buffer } of this.late.splice(0)) this.put(socket, type, buffer)
  }

  private put(socket: Socket, type: FrameType, buffer: Buffer): void {
    if (!this.isCorked) {
      // everything of one turn goes in one system call
      this.isCorked = true
      socket.cork()
      process.nextTick(() => {
        this.isCorked = false
        socket.uncork()
      })
    }
    for (const piece of this.writer.seal(type, buffer)) socket.write(piece)
    this.sent++
  }

  private sendHeld(): void {
    const messages = [...this.held.values()]
    this.held.clear()
    for (const message of messages) this.send(message)
  }

  private broken(lastedMs: number): void {
    this.isConnected = false
    this.socket = null
    this.isCorked = false
    this.held.clear()
    this.forgetLate()
    if (this.isClosed) return
    this.redialMs = lastedMs >= LASTED_MS ? REDIAL_MS_MIN : Math.min(this.redialMs * 2, REDIAL_MS_MAX)
    this.redialTimer = setTimeout(() => this.dial(), this.redialMs)
  }

  private forgetLate(): void {
    if (this.lateTimer !== null) clearTimeout(this.lateTimer)
    this.lateTimer = null
    this.late.length = 0
  }
}
