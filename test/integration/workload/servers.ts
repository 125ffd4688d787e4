/** The outside world of the generator: small real servers that behave well, badly, or not at all. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { once } from 'node:events'

export interface Call {
  method: string
  key: string
  path: string
  body: string
  client: string | undefined
  seq: number | undefined
}

export interface TestServer {
  port: number
  calls: Call[]
  close(): Promise<void>
}

/** Below the ephemeral range, so that no outgoing connection takes the port in between. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const probe = createTcpServer()
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
  throw new Error('no free port on 127.0.0.1 between 20000 and 32000')
}

/** @param answer called once the request was read to its end */
export async function serve(answer: (call: Call, response: ServerResponse, socket: Socket) => void): Promise<TestServer> {
  const calls: Call[] = []
  const server = createHttpServer((request, response) => void receive(request, response))
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { 'faultline-client': client, 'faultline-seq': seq } = request.headers
    const [, , key = ''] = (request.url ?? '').split('/')
    const call: Call = {
      method: request.method ?? '',
      path: request.url ?? '',
      key: decodeURIComponent(key),
      body,
      client: client === undefined ? undefined : String(client),
      seq: seq === undefined ? undefined : Number(seq),
    }
    calls.push(call)
    answer(call, response, request.socket)
  }
  return { port: await listen(server), calls, close: () => closeHttp(server) }
}

export function reply(response: ServerResponse, status: number, body: object = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

/** A key-value server with the answers of the contract. */
export function keyValueServer(): Promise<TestServer> {
  const values = new Map<string, string>()
  let index = 0
  return serve(({ method, key, path, body }, response) => {
    index++
    const prior = values.get(key) ?? null
    if (method === 'GET') return reply(response, prior === null ? 404 : 200, { value: prior, index })
    let swapped: boolean | undefined
    if (method === 'DELETE') values.delete(key)
    else if (path.endsWith('/append')) values.set(key, (prior ?? '') + body)
    else if (path.endsWith('/cas')) {
      const { expect, value } = JSON.parse(body) as { expect: string | null; value: string }
      swapped = expect === prior
      if (swapped) values.set(key, value)
    } else values.set(key, body)
    reply(response, 200, { index, term: 1, prior, swapped })
  })
}

/** A key-value server in a process of its own, so that it can be stopped by a signal. */
export async function startStoppableServer(port: number): Promise<ChildProcess> {
  const script = `
    const server = require('node:http').createServer((request, response) => {
      request.resume()
      const answer = request.method === 'GET' ? { value: null, index: 1 } : { index: 1, term: 1, prior: null }
      request.on('end', () => response.end(JSON.stringify(answer)))
    })
    server.listen(${port}, '127.0.0.1', () => console.log('listening'))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

async function listen(server: Server): Promise<number> {
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return port
}

async function closeHttp(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
