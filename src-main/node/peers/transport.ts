/** All links of this node: sends the core's messages, hands over the peers', and knows the state of each link. */
import type { Message } from '../../raft/types'
import type { Clock } from '../clock'
import type { Harms } from '../harms'
import { FrameType } from './frame'
import { frameFate } from './frame-fate'
import { FrameNumbers } from './frame-numbers'
import { clusterHash } from './hello'
import { PeerListener } from './listener'
import { decodeMessage } from './message'
import { OutgoingLink, PREFIX_BYTES, readNumber, stampOf } from './outgoing'
import { type Readings, RoundTrip } from './round-trip'

/** a link that was silent this long sends a ping; one whose round trips vary, so much sooner */
const PING_MS = 100
const PING_MS_VARYING = 50

export interface TransportOptions {
  id: string
  boot: string
  token: string
  peers: readonly { id: string; port: number }[]
  clock: Clock
  harms: Harms
  onMessage: (message: Message) => void
  /** a frame about a snapshot, from `start` on. @returns false when the bytes are no such frame */
  onSnapshot: (from: string, bytes: Buffer, start: number) => boolean
  /** a connection was closed for what came over it */
  onBad: (from: string | null, reason: string) => void
}

export interface LinkState {
  peer: string
  /** our own dial stands; through a proxy this says nothing about the node behind it */
  connected: boolean
  rttMs: number | null
  rttDeviationMs: number | null
  /** frames since the start of this process */
  sent: number
  received: number
  lastReceivedMs: number | null
  /** of the peer's frames, since the start of this process: never came, came again, came after a later one */
  gaps: number
  duplicates: number
  overtaken: number
}

interface Link {
  outgoing: OutgoingLink
  roundTrip: RoundTrip
  numbers: FrameNumbers
  received: number
  lastReceivedMs: number | null
}

export class Transport {
  private readonly links = new Map<string, Link>()
  private readonly listener: PeerListener
  private pinging: NodeJS.Timeout | null = null
  /** connections given up for a bad frame, a wrong hello, or bytes that are no message */
  badFrames = 0

  constructor(private readonly options: TransportOptions) {
    const { id, boot, token, peers, clock, harms } = options
    const hash = clusterHash(token)
    for (const peer of peers) {
      const roundTrip = new RoundTrip()
      const outgoing = new OutgoingLink(peer.port, hash, { from: id, to: peer.id, boot }, roundTrip, clock.nowMs)
      this.links.set(peer.id, { outgoing, roundTrip, numbers: new FrameNumbers(), received: 0, lastReceivedMs: null })
    }
    const drawFates = (): void => {
      for (const [peer, { outgoing }] of this.links) outgoing.fate = frameFate(harms.of('frames'), id, peer)
    }
    drawFates()
    harms.onChange(drawFates)
    this.listener = new PeerListener(id, new Set(peers.map((peer) => peer.id)), hash, {
      onConnection: (from) => this.links.get(from)?.numbers.restart(),
      onPayload: (from, type, payload) => this.take(from, type, payload),
      onBad: (from, reason) => this.bad(from, reason),
    }, clock.nowMs)
  }

  /** @throws when the port is taken */
  async start(port: number): Promise<void> {
    await this.listener.listen(port)
    for (const { outgoing } of this.links.values()) outgoing.dial()
    this.pinging = setInterval(() => {
      for (const { outgoing, roundTrip } of this.links.values()) outgoing.ping(roundTrip.varies ? PING_MS_VARYING : PING_MS)
    }, PING_MS_VARYING)
  }

  send(message: Message): void {
    this.links.get(message.to)?.outgoing.send(message)
  }

  /** @param buffer the payload after ROOM_BYTES */
  sendSnapshot(to: string, buffer: Buffer): void {
    this.links.get(to)?.outgoing.sendSnapshot(buffer)
  }

  state(): LinkState[] {
    return [...this.links].map(([peer, { outgoing, roundTrip, numbers, received, lastReceivedMs }]) => ({
      peer,
      connected: outgoing.isConnected,
      rttMs: roundTrip.rttMs,
      rttDeviationMs: roundTrip.deviationMs,
      sent: outgoing.sent,
      received,
      lastReceivedMs,
      gaps: numbers.gaps,
      duplicates: numbers.duplicates,
      overtaken: numbers.overtaken,
    }))
  }

  /** Round trips read on a link since the last call; null = none. */
  takeReadings(peer: string): Readings | null {
    return this.links.get(peer)?.roundTrip.takeReadings() ?? null
  }

  close(): void {
    if (this.pinging !== null) clearInterval(this.pinging)
    this.listener.close()
    for (const { outgoing } of this.links.values()) outgoing.close()
  }

  private take(from: string, type: number, payload: Buffer): void {
    const link = this.links.get(from)
    if (link === undefined) throw new Error(`transport: a frame from ${from}, which the listener should have refused`)
    if (payload.length < PREFIX_BYTES) return this.bad(from, 'a frame without a stamp')
    const nowMs = this.options.clock.nowMs()
    link.numbers.take(readNumber(payload))
    link.roundTrip.readStamp(stampOf(payload), nowMs)
    link.received++
    link.lastReceivedMs = nowMs
    if (type === FrameType.ping) return
    if (type === FrameType.snapshot) {
      if (!this.options.onSnapshot(from, payload, PREFIX_BYTES)) this.bad(from, 'a snapshot frame that is none')
      return
    }
    const message = type === FrameType.message ? decodeMessage(payload, PREFIX_BYTES, from, this.options.id) : null
    if (message === null) this.bad(from, `frame type ${type} holds no message`)
    else this.options.onMessage(message)
  }

  private bad(from: string | null, reason: string): void {
    this.badFrames++
    this.options.onBad(from, reason)
  }
}
