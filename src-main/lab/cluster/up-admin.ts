/** The control face of `up`: brings back a node that died. On 127.0.0.1, with the lab's token. */
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { LabFailure } from '../failure'
import { freePorts } from '../launch/ports'
import type { Cluster } from './cluster'

const READY_WITHIN_MS = 10_000

export class UpAdmin {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async listen(cluster: Cluster, token: string): Promise<UpAdmin> {
    const [port] = await freePorts(1)
    const server = createServer((request, response) => {
      answer(cluster, token, request).then(
        ({ status, body }) => send(response, status, body),
        (error: unknown) => send(response, error instanceof LabFailure ? 409 : 500, { error: error instanceof Error ? error.message : String(error) }),
      )
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return new UpAdmin(server, `http://127.0.0.1:${port}`)
  }

  close(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }
}

async function answer(cluster: Cluster, token: string, request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  request.resume()
  if (!isToken(request.headers.authorization, token)) return { status: 401, body: { error: 'Authorization: Bearer <token> is needed' } }
  const match = /^\/nodes\/([\w-]+)\/start$/.exec(request.url ?? '')
  if (!match) return { status: 404, body: { error: `no such path: ${request.url}` } }
  if (request.method !== 'POST') return { status: 405, body: { error: 'POST is needed' } }
  const id = match[1]!
  const node = cluster.nodes.find((candidate) => candidate.id === id)
  if (!node) return { status: 404, body: { error: `no node ${id}` } }
  cluster.startNode(id)
  const deadline = Date.now() + READY_WITHIN_MS
  while (node.state === 'starting' && Date.now() < deadline) await delay(10)
  return node.state === 'running' ? { status: 200, body: { id, pid: node.pid } } : { status: 503, body: { error: `${id} is ${node.state}` } }
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
