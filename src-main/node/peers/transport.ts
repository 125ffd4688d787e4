/** All links of this node: sends the core's messages, hands over the peers', and knows the state of each link. */
import type { Message } from '../../raft/types'
import type { Clock } from '../clock'
import { FrameType } from './frame'
import { clusterHash } from './hello'
import { PeerListener } from './listener'
import { decodeMessage } from './message'
import { OutgoingLink } from './outgoing'
import { RoundTrip, STAMP_BYTES } from './round-trip'

/** a link that was silent this long sends a ping */
const PING_MS = 100

export interface TransportOptions {
  id: string
  boot: string
  token: string
  peers: readonly { id: string; port: number }[]
  clock: Clock
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
}

interface Link {
  outgoing: OutgoingLink
  roundTrip: RoundTrip
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
    const { id, boot, token, peers, clock } = options
    const hash = clusterHash(token)
    for (const peer of peers) {
      const roundTrip = new RoundTrip()
      const outgoing = new OutgoingLink(peer.port, hash, { from: id, to: peer.id, boot }, roundTrip, clock.nowMs)
      this.links.set(peer.id, { outgoing, roundTrip, received: 0, lastReceivedMs: null })
    }
    this.listener = new PeerListener(id, new Set(peers.map((peer) => peer.id)), hash, {
      onPayload: (from, type, payload) => this.take(from, type, payload),
      onBad: (from, reason) => this.bad(from, reason),
    })
  }

  /** @throws when the port is taken */
  async start(port: number): Promise<void> {
    await this.listener.listen(port)
    for (const { outgoing } of this.links.values()) outgoing.dial()
    this.pinging = setInterval(() => {
      for (const { outgoing } of this.links.values()) outgoing.ping(PING_MS)
    }, PING_MS)
  }

  send(message: Message): void {
    this.links.get(message.to)?.outgoing.send(message)
  }

  /** @param buffer the payload after ROOM_BYTES */
  sendSnapshot(to: string, buffer: Buffer): void {
    this.links.get(to)?.outgoing.sendSnapshot(buffer)
  }

  state(): LinkState[] {
    return [...this.links].map(([peer, { outgoing, roundTrip, received, lastReceivedMs }]) => ({
      peer,
      connected: outgoing.isConnected,
      rttMs: roundTrip.rttMs,
      rttDeviationMs: roundTrip.deviationMs,
      sent: outgoing.sent,
      received,
      lastReceivedMs,
    }))
  }

  close(): void {
    if (this.pinging !== null) clearInterval(this.pinging)
    this.listener.close()
    for (const { outgoing } of this.links.values()) outgoing.close()
  }

  private take(from: string, type: number, payload: Buffer): void {
    const link = this.links.get(from)
    if (link === undefined) throw new Error(`transport: a frame from ${from}, which the listener should have refused`)
    if (payload.length < STAMP_BYTES) return this.bad(from, 'a frame without a stamp')
    const nowMs = this.options.clock.nowMs()
    link.roundTrip.readStamp(payload, nowMs)
    link.received++
    link.lastReceivedMs = nowMs
    if (type === FrameType.ping) return
    if (type === FrameType.snapshot) {
      if (!this.options.onSnapshot(from, payload, STAMP_BYTES)) this.bad(from, 'a snapshot frame that is none')
      return
    }
    const message = type === FrameType.message ? decodeMessage(payload, STAMP_BYTES, from, this.options.id) : null
    if (message === null) this.bad(from, `frame type ${type} holds no message`)
    else this.options.onMessage(message)
  }

  private bad(from: string | null, reason: string): void {
    this.badFrames++
    this.options.onBad(from, reason)
  }
}
