/** A Toxiproxy that hangs or dies under a cluster is replaced, and told everything that was asked of the old one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Call } from '@shared/plan/schedule'
import { Proxies } from '../../../src-main/lab/cluster/proxies'
import { freePorts } from '../../../src-main/lab/launch/ports'
import { kill, until } from './command-line'

const add = (name: string, type: string, attributes: Record<string, number>): Call => ({
  method: 'POST',
  path: '/proxies/n1-n2/toxics',
  body: { name, type, stream: 'upstream', toxicity: 1, attributes },
})
const remove = (name: string): Call => ({ method: 'DELETE', path: `/proxies/n1-n2/toxics/${name}`, body: null })
const open = (proxy: string, enabled: boolean): Call => ({ method: 'PATCH', path: `/proxies/${proxy}`, body: { enabled } })

/** Accepts, and reads nothing: what a stopped process is to whoever sends to it. */
class DeafReceiver {
  private readonly sockets: Socket[] = []
  private constructor(private readonly server: Server) {}

  static async listen(port: number): Promise<DeafReceiver> {
    const server = createServer({ pauseOnConnect: true })
    const receiver = new DeafReceiver(server)
    server.on('connection', (socket) => receiver.sockets.push(socket.on('error', () => undefined)))
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return receiver
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
  }
}

/** Sends until nothing is taken any more. */
async function fill(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' }).on('error', () => undefined)
  const chunk = Buffer.alloc(256 * 1024)
  let blockedSinceMs = 0
  await until('every buffer on the way is full', () => {
    if (socket.writableLength === 0) {
      socket.write(chunk)
      blockedSinceMs = performance.now()
    }
    return performance.now() - blockedSinceMs > 500
  }, 30_000)
  return socket
}

let dir: string
let proxies: Proxies
let replaced: string[]
let broken: string[]
let ports: number[]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'faultline-proxies-'))
  replaced = []
  broken = []
  ports = await freePorts(5)
  const lab = { token: 'a-token-of-this-test', logFile: (name: string) => join(dir, `${name}.log`), processStarted: () => undefined, processEnded: () => undefined }
  proxies = new Proxies(lab, { replaced: (what) => replaced.push(what), broken: (what) => broken.push(what) })
  const [api, link, linkEnd, other, otherEnd] = ports as [number, number, number, number, number]
  await proxies.start(api, [
    { name: 'n1-n2', listen: `127.0.0.1:${link}`, upstream: `127.0.0.1:${linkEnd}` },
    { name: 'n2-n1', listen: `127.0.0.1:${other}`, upstream: `127.0.0.1:${otherEnd}` },
  ], [add('base', 'latency', { latency: 1, jitter: 0 })])
})
afterEach(async () => {
  expect(await proxies.stop()).toBe(true)
  rmSync(dir, { recursive: true, force: true })
})

const toxicsOf = async (proxy: string) => (await proxies.running!.api.proxy(proxy)).toxics.map(({ name }) => name)

describe('Toxiproxy', () => {
  it('waits for ever on a link whose receiver reads nothing: replaced, and the toxic is removed all the same', async () => {
    const receiver = await DeafReceiver.listen(ports[2]!)
    await proxies.perform(add('slow', 'latency', { latency: 2, jitter: 0 }))
    await proxies.perform(add('stays', 'bandwidth', { rate: 1_000_000 }))
    await proxies.perform(open('n2-n1', false))
    const before = proxies.running!.child.pid
    const sender = await fill(ports[1]!)
    await proxies.undo(remove('slow'))
    sender.destroy()
    receiver.close()
    expect(replaced).toHaveLength(1)
    expect(replaced[0]).toMatch(/^Toxiproxy hung \(toxiproxy: (DELETE|GET) .* took longer than 2 s\): restarted and populated again within \d+ ms/)
    expect(broken).toEqual([])
    expect(proxies.running!.child.pid).not.toBe(before)
    expect(await toxicsOf('n1-n2')).toEqual(['base', 'stays'])
    expect((await proxies.running!.api.proxy('n2-n1')).enabled).toBe(false)
  })

  it('is stopped: the calls on their way are done by the next one, in order', async () => {
    const before = proxies.running!.child.pid!
    kill(before, 'SIGSTOP')
    await Promise.all([proxies.perform(add('a', 'latency', { latency: 5, jitter: 0 })), proxies.perform(open('n2-n1', false)), proxies.undo(open('n2-n1', true))])
    expect(replaced).toHaveLength(1)
    expect(await toxicsOf('n1-n2')).toEqual(['base', 'a'])
    expect((await proxies.running!.api.proxy('n2-n1')).enabled).toBe(true)
  })

  it('is killed: another one serves on the same ports with the same toxics, though nobody called', async () => {
    await proxies.perform(add('a', 'timeout', { timeout: 0 }))
    const port = proxies.running!.port
    kill(proxies.running!.child.pid!, 'SIGKILL')
    await until('it is replaced', () => replaced.length > 0, 10_000)
    expect(replaced[0]).toContain('Toxiproxy ended by itself (code null, signal SIGKILL)')
    expect(proxies.running!.port).toBe(port)
    expect(await toxicsOf('n1-n2')).toEqual(['base', 'a'])
    await proxies.undo(remove('a'))
    expect(await toxicsOf('n1-n2')).toEqual(['base'])
  })

  it('need not remove what is gone, and says so of anything else', async () => {
    await proxies.undo(remove('never-there'))
    await expect(proxies.perform(remove('never-there'))).rejects.toThrow('404')
    expect(replaced).toEqual([])
  })
})
