/**
 * Where the peers' connections come in. A connection is nobody's until its hello; a newer one of the same peer
 * replaces the older, whose bytes may have been waiting somewhere for long. A bad frame closes the connection.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { FrameReader, FrameType } from './frame'
import { decodeHello, type Hello } from './hello'
import { encodeProbeAnswer, PROBE } from './probe'

const HELLO_TIMEOUT_MS = 2_000
/** longer than what a probe sends can be delayed */
const PROBE_SILENT_MS = 90_000
/** one a peer, a replacement each, and some strangers */
const CONNECTIONS_MAX = 128

export interface ListenerEvents {
  /** a peer's connection begins; its frames count anew */
  onConnection: (from: string) => void
  onPayload: (from: string, type: number, payload: Buffer) => void
  /** a connection was given up, and why */
  onBad: (from: string | null, reason: string) => void
}

export class PeerListener {
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private readonly byPeer = new Map<string, Socket>()

  constructor(
    private readonly self: string,
    private readonly peers: ReadonlySet<string>,
    private readonly hash: Buffer,
    private readonly events: ListenerEvents,
    private readonly nowMs: () => number,
  ) {
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket))
    this.server.maxConnections = CONNECTIONS_MAX
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(port, '127.0.0.1', () => {
        this.server.off('error', reject)
        resolve()
      })
    })
  }

  isConnected(peer: string): boolean {
    return this.byPeer.has(peer)
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private accept(socket: Socket): void {
    let from: string | null = null
    let isProbe = false
    const giveUp = (reason: string): void => {
      if (socket.destroyed) return
      socket.destroy()
      this.events.onBad(from, reason)
    }
    const reader = new FrameReader((type, payload) => {
      if (socket.destroyed || isProbe) return // frames behind the one that ended the connection
      if (from !== null) {
        if (type === FrameType.hello) giveUp('a second hello')
        else this.events.onPayload(from, type, payload)
        return
      }
      const hello = type === FrameType.hello ? decodeHello(this.hash, payload) : null
      const reason = this.refusal(hello)
      if (hello === null || reason !== null) return giveUp(reason ?? 'no hello of this cluster')
      isProbe = hello.from === PROBE
      if (isProbe) return void socket.setTimeout(PROBE_SILENT_MS)
      from = hello.from
      this.byPeer.get(from)?.destroy()
      this.byPeer.set(from, socket)
      socket.setTimeout(0)
      this.events.onConnection(from)
    })
    this.sockets.add(socket)
    socket.setTimeout(HELLO_TIMEOUT_MS, () => giveUp(isProbe ? 'a probe that is silent' : `no hello within ${HELLO_TIMEOUT_MS} ms`))
    socket.on('data', (chunk) => {
      const arrivedMs = this.nowMs()
      const bad = isProbe ? null : reader.push(chunk)
      if (isProbe) socket.write(encodeProbeAnswer({ arrivedMs, bytes: socket.bytesRead }))
      else if (bad !== null) giveUp(bad)
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.sockets.delete(socket)
      if (from !== null && this.byPeer.get(from) === socket) this.byPeer.delete(from)
    })
  }

  private refusal(hello: Hello | null): string | null {
    if (hello === null) return 'no hello of this cluster'
    if (hello.to !== this.self) return `a hello for ${hello.to}`
    return hello.from === PROBE || this.peers.has(hello.from) ? null : `a hello from ${hello.from}, which is no peer`
  }
}
