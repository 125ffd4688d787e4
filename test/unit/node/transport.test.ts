import { createServer, connect, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { monotonicClock } from '../../../src-main/node/clock'
import { Harms } from '../../../src-main/node/harms'
import { FRAME_HEADER_BYTES, FrameType, FrameWriter } from '../../../src-main/node/peers/frame'
import { frameFate } from '../../../src-main/node/peers/frame-fate'
import { clusterHash, encodeHello } from '../../../src-main/node/peers/hello'
import { PROBE, ProbeAnswers, type ProbeAnswer } from '../../../src-main/node/peers/probe'
import { RoundTrip, STAMP_BYTES } from '../../../src-main/node/peers/round-trip'
import { Transport } from '../../../src-main/node/peers/transport'
import type { Message } from '../../../src-main/raft/types'

const clock = monotonicClock(process.hrtime.bigint())
const closing: { close(): unknown }[] = []
afterEach(() => {
  for (const item of closing.splice(0)) item.close()
})

const vote = (term: number, from = 'n1', to = 'n2'): Message => ({
  type: 'vote',
  from,
  to,
  term,
  pre: false,
  transfer: false,
  lastIndex: 3,
  lastTerm: 2,
})

describe('a link', () => {
  it('carries messages one way, and both ends measure its round trip', async () => {
    const [one, two] = await pair()
    await until(() => one.node.state()[0]!.connected)
    one.node.send(vote(4))
    await until(() => two.got.length === 1)
    expect(two.got[0]).toEqual(vote(4))
    await until(() => one.node.state()[0]!.rttMs !== null && two.node.state()[0]!.rttMs !== null)
    expect(one.got).toEqual([])
    expect(two.node.state()[0]).toMatchObject({ peer: 'n1', connected: true })
    expect(two.node.state()[0]!.received).toBeGreaterThan(0)
  })

  it('comes back after its peer did', async () => {
    const [port1, port2] = [await freePort(), await freePort()]
    const one = await started('n1', 'n2', port1, port2)
    const before = await started('n2', 'n1', port2, port1)
    await until(() => one.node.state()[0]!.connected)
    before.node.close()
    await until(() => !one.node.state()[0]!.connected)
    const after = await started('n2', 'n1', port2, port1)
    await until(() => {
      one.node.send(vote(9))
      return after.got.length > 0
    })
  })

  it('that is stalled holds a bounded backlog and the newest of each kind', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => void sockets.push(socket.pause()))
    closing.push({ close: () => (server.close(), sockets.forEach((socket) => socket.destroy())) })
    const port = await listening(server)
    const one = await started('n1', 'n2', await freePort(), port)
    await until(() => one.node.state()[0]!.connected)
    const data = Buffer.alloc(1024 * 1024)
    const append = (index: number): Message => ({
      type: 'append', from: 'n1', to: 'n2', term: 1, prevIndex: index - 1, prevTerm: 1, commit: 0, round: index,
      entries: [{ index, term: 1, type: 'command', data }],
    })
    const before = process.memoryUsage().arrayBuffers
    for (let index = 1; index <= 2_000; index++) {
      one.node.send(append(index))
      if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024) // of 2,000 MiB offered
    expect(one.node.state()[0]!.sent).toBeLessThan(100)
  })
})

describe('frames that suffer', () => {
  const frames = { kind: 'frames' as const, to: ['n2'], loss: 0, duplicate: 0, reorder: 0, seed: 7 }

  it.each([
    ['lost', { loss: 0.3 }, 'gaps'],
    ['sent twice', { duplicate: 0.3 }, 'duplicates'],
    ['overtaken', { reorder: 0.3 }, 'overtaken'],
  ] as const)('that are %s are counted where they arrive, by as many as were drawn', async (_name, shares, counter) => {
    const harms = new Harms({ 'f-1': { ...frames, ...shares } })
    const [one, two] = await pair(harms)
    await until(() => one.node.state()[0]!.connected)
    for (let term = 1; term <= 1_000; term++) one.node.send(vote(term))
    harms.take('f-1', null)
    one.node.send(vote(1_001)) // whole again, so that nothing waits and every gap shows
    await until(() => two.got.some((message) => message.term === 1_001))
    const { gaps, duplicates, overtaken } = two.node.state()[0]!
    const counted = { gaps, duplicates, overtaken }
    expect(counted).toEqual({ gaps: 0, duplicates: 0, overtaken: 0, [counter]: counted[counter] })
    expect(counted[counter]).toBeGreaterThan(230) // five standard deviations
    expect(counted[counter]).toBeLessThan(375)
    const terms = two.got.map(({ term }) => term)
    const distinct = new Set(terms).size
    // a ping or two travels with the votes, and may be what was drawn
    expect(1_001 - distinct).toBeGreaterThanOrEqual(gaps - 3)
    expect(1_001 - distinct).toBeLessThanOrEqual(gaps)
    expect(terms.length - distinct).toBeGreaterThanOrEqual(duplicates - 3)
    expect(terms.length - distinct).toBeLessThanOrEqual(duplicates)
    expect(terms.every((term, at) => at === 0 || term >= terms[at - 1]!)).toBe(overtaken === 0)
  })

  it('are drawn from the seed, one sequence a link', () => {
    const drawn = (self: string, peer: string, seed = 7): string => {
      const fate = frameFate([{ ...frames, to: ['n1', 'n2', 'n3'], loss: 0.2, duplicate: 0.2, reorder: 0.2, seed }], self, peer)!
      return Array.from({ length: 50 }, fate).join(' ')
    }
    expect(drawn('n1', 'n2')).toBe(drawn('n1', 'n2'))
    expect(new Set([drawn('n1', 'n2'), drawn('n1', 'n3'), drawn('n2', 'n1'), drawn('n1', 'n2', 8)]).size).toBe(4)
    expect(frameFate([frames], 'n1', 'n3')).toBeNull()
  })

  it('one that waits to be overtaken goes out behind a ping when nothing else does', async () => {
    const harms = new Harms({ 'f-1': { ...frames, reorder: 1 } })
    const [one, two] = await pair(harms)
    await until(() => one.node.state()[0]!.connected)
    one.node.send(vote(4))
    await until(() => two.got.length === 1)
    expect(two.node.state()[0]!.overtaken).toBeGreaterThan(0)
  })
})

describe('a probing connection', () => {
  it('hears of what it sent when it came and how much, and is no peer', async () => {
    const port = await freePort()
    const one = await started('n1', 'n2', port, await freePort())
    const socket = connect(port, '127.0.0.1')
    closing.push({ close: () => socket.destroy() })
    const got: ProbeAnswer[] = []
    const answers = new ProbeAnswers()
    socket.on('data', (chunk) => got.push(...answers.push(chunk)))
    const first = hello('token', PROBE, 'n1')
    socket.write(first)
    await until(() => got.length === 1)
    expect(got[0]!.bytes).toBe(first.length)
    socket.write(Buffer.alloc(500))
    await until(() => got.at(-1)!.bytes === first.length + 500)
    expect(got.at(-1)!.arrivedMs).toBeGreaterThan(got[0]!.arrivedMs)
    expect(got.at(-1)!.arrivedMs).toBeLessThanOrEqual(clock.nowMs())
    expect(one.got).toEqual([])
    expect(one.bad).toEqual([])
    expect(one.node.state()[0]!.received).toBe(0)
  })
})

describe('the listener', () => {
  it.each([
    ['garbage', Buffer.alloc(64, 'x'), 'no frame starts here'],
    ['a hello of another cluster', hello('other token', 'n2', 'n1'), 'no hello of this cluster'],
    ['a hello for somebody else', hello('token', 'n2', 'n9'), 'a hello for n9'],
    ['a hello from a stranger', hello('token', 'n7', 'n1'), 'a hello from n7, which is no peer'],
    ['a message before the hello', sealed(FrameType.message, Buffer.alloc(40)), 'no hello of this cluster'],
  ])('closes a connection that brings %s, and counts it', async (_name, bytes, reason) => {
    const port = await freePort()
    const one = await started('n1', 'n2', port, await freePort())
    const socket = connect(port, '127.0.0.1')
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined))
    socket.write(bytes)
    await closed
    expect(one.bad).toEqual([reason])
    expect(one.node.badFrames).toBe(1)
  })
})

describe('the round trip', () => {
  it('leaves out the time the other side held the stamp, and echoes each stamp once', () => {
    const [near, far] = [new RoundTrip(), new RoundTrip()]
    const stamp = Buffer.alloc(STAMP_BYTES)
    near.writeStamp(stamp, 0, 100)
    far.readStamp(stamp, 110)
    far.writeStamp(stamp, 0, 500)
    near.readStamp(stamp, 515)
    expect(near.rttMs).toBe(25)
    expect(near.takeReadings()).toEqual({ n: 1, medianMs: 25, minMs: 25, maxMs: 25 })
    expect(near.takeReadings()).toBeNull()
    far.writeStamp(stamp, 0, 600)
    near.readStamp(stamp, 900)
    expect(near.rttMs).toBe(25)
  })

  it('follows a delay that was added', () => {
    const [near, far] = [new RoundTrip(), new RoundTrip()]
    const stamp = Buffer.alloc(STAMP_BYTES)
    for (let i = 0, now = 0; i < 20; i++, now += 1000) {
      const oneWayMs = i < 10 ? 1 : 51
      near.writeStamp(stamp, 0, now)
      far.readStamp(stamp, now + oneWayMs)
      far.writeStamp(stamp, 0, now + 100)
      near.readStamp(stamp, now + 101)
    }
    expect(near.rttMs!).toBeGreaterThan(45)
    expect(near.rttMs!).toBeLessThan(52)
  })
})

async function started(id: string, peer: string, port: number, peerPort: number, harms = new Harms()) {
  const got: Message[] = []
  const bad: string[] = []
  const node = new Transport({
    id,
    boot: 'boot',
    token: 'token',
    peers: [{ id: peer, port: peerPort }],
    clock,
    harms,
    onSnapshot: () => false,
    onMessage: (message) => got.push(message),
    onBad: (_from, reason) => bad.push(reason),
  })
  closing.push(node)
  await node.start(port)
  return { node, got, bad }
}

async function pair(harms?: Harms) {
  const [port1, port2] = [await freePort(), await freePort()]
  return [await started('n1', 'n2', port1, port2, harms), await started('n2', 'n1', port2, port1)] as const
}

function sealed(type: FrameType, payload: Buffer): Buffer {
  return Buffer.concat(new FrameWriter().seal(type, Buffer.concat([Buffer.alloc(FRAME_HEADER_BYTES), payload])))
}

function hello(token: string, from: string, to: string): Buffer {
  return Buffer.concat(new FrameWriter().seal(FrameType.hello, encodeHello(clusterHash(token), { from, to, boot: 'b' }, FRAME_HEADER_BYTES)))
}

/** below the ephemeral range, where no outgoing connection can take it between the look and the use */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer()
    try {
      await listening(server, port)
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    } finally {
      server.close()
    }
  }
}

function listening(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}

async function until(condition: () => boolean, deadlineMs = 5_000): Promise<void> {
  const giveUpAt = performance.now() + deadlineMs
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${deadlineMs} ms: ${condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
