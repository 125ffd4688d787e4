/** The node's HTTP face: one server on loopback, one list of routes. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { admin } from './admin'
import { sendError } from './answer'
import type { Face } from './face'
import { healthz } from './healthz'
import { kv } from './kv'
import { prometheus } from './prometheus'
import type { Route } from './route'
import { status } from './status'

const ROUTES: readonly Route[] = [kv, status, healthz, prometheus, admin, { ...admin, prefix: '/admin' }]

/** never: a server that closes an idle connection races with the request just sent on it, and a timer a request costs */
const KEEP_ALIVE_MS = 0
const CONNECTIONS_MAX = 4_096
/** open connections get this long to take their answers when the node stops */
const CLOSE_MS = 500

export class HttpFace {
  private readonly server: Server

  constructor(private readonly node: Face) {
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, (request, response) => this.handle(request, response))
    this.server.maxConnections = CONNECTIONS_MAX
    this.server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      else socket.destroy()
    })
  }

  /** @throws when the port is taken */
  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(port, '127.0.0.1', () => {
        this.server.off('error', reject)
        resolve()
      })
    })
  }

  /** Takes no new connection, lets answers under way go out, then closes what is left. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    const giveUp = setTimeout(() => this.server.closeAllConnections(), CLOSE_MS)
    await closed
    clearTimeout(giveUp)
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/'
    const queryAt = url.indexOf('?')
    const path = queryAt < 0 ? url : url.slice(0, queryAt)
    const query = queryAt < 0 ? '' : url.slice(queryAt + 1)
    const route = ROUTES.find(({ prefix }) => (prefix.endsWith('/') ? path.startsWith(prefix) : path === prefix))
    if (this.node.phase() === 'stopping') response.setHeader('connection', 'close')
    if (route === undefined) sendError(response, 404, `unknown path ${path}`)
    else route.handle({ request, response, method: request.method ?? 'GET', path, query, node: this.node })
  }
}
