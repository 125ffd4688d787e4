/** The load generator as a process against real servers: outcomes, routing, the open loop, and that nothing is lost. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { formatOperation, parseHistory } from '@shared/run/history'
import type { OperationRecord } from '@shared/run/operation'
import { scheduledRequests } from '../../src-main/workload/schedule'
import { buildGenerator, configOf, LOAD, runLoad, startGenerator, startLoad } from './workload/generatorProcess'
import type { Collected, Running, Totals } from './workload/generatorProcess'
import { freePort, keyValueServer, reply, serve, startStoppableServer, type TestServer } from './workload/servers'

let entry = ''
let remove = async (): Promise<void> => undefined
const servers: TestServer[] = []
const pids: number[] = []

beforeAll(async () => {
  ;({ entry, remove } = await buildGenerator())
})
afterAll(() => remove())
afterEach(async () => {
  for (const pid of pids.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function started(server: Promise<TestServer>): Promise<TestServer> {
  servers.push(await server)
  return server
}

const nodesOf = (...ports: number[]) => ports.map((port, i) => ({ id: `n${i + 1}`, port }))
const isWrite = ({ op }: OperationRecord) => op !== 'get'
const DEADLINE_NS = (LOAD.client.connectTimeoutMs + LOAD.client.readTimeoutMs) * 1e6

/** Every request is accounted for, once, and every record is a line of the public history. */
function expectNothingLost({ operations, intervals }: Collected, { intended, notSent }: Totals): void {
  expect(operations.length + notSent).toBe(intended)
  const sum = (pick: 'intended' | 'ok' | 'fail' | 'unknown') => intervals.reduce((total, interval) => total + interval[pick], 0)
  expect(sum('intended')).toBe(intended)
  for (const outcome of ['ok', 'fail', 'unknown'] as const) {
    expect(sum(outcome)).toBe(operations.filter((op) => op.outcome === outcome).length)
  }
  expect(intervals.map(({ second }) => second).sort((a, b) => a - b)).toEqual(intervals.map((_, i) => i))
  expect(countIn(intervals.map(({ sendLagHistogram }) => sendLagHistogram))).toBe(operations.length)
  expect(parseHistory(operations.map(formatOperation))).toMatchObject({ operations: { length: operations.length } })
  for (const op of operations) {
    expect(op.start_ns).toBeGreaterThanOrEqual(op.intended_ns)
    expect(op.settled_ns).toBeGreaterThanOrEqual(op.start_ns)
  }
}

describe('the load generator', { timeout: 60_000 }, () => {
  it('carries out exactly the requests of its seed, each at or after its intended start', async () => {
    const server = await started(keyValueServer())
    const load = { mix: { put: 30, get: 30, delete: 10, cas: 20, append: 10 }, arrivals: 'poisson' as const }
    const result = await runLoad(entry, { nodes: nodesOf(server.port), durationMs: 1500, load })
    expectNothingLost(result, result.totals)
    expect(result.totals.notSent).toBe(0)
    expect(result.operations.every(({ outcome, checked }) => outcome === 'ok' && checked)).toBe(true)

    const asked = [...result.operations].sort((a, b) => a.intended_ns - b.intended_ns)
    const planned = [...scheduledRequests(42, { ...LOAD, ...load }, 1500)]
    const told = asked.map(({ intended_ns, op, key, value = null }) => [intended_ns, op, key, value])
    expect(told).toEqual(planned.map(({ intendedNs, op, key, value }) => [intendedNs, op, key, value]))
    expect(asked.filter(({ op, swapped }) => op === 'cas' && swapped).length).toBeGreaterThan(0)
    expect(countIn(result.intervals.map(({ responseHistogram }) => responseHistogram))).toBe(asked.length)
    const lastBatch = result.batches.at(-1)!
    expect(lastBatch.cpuMs).toBeGreaterThan(0)
    expect(lastBatch.rssBytes).toBeGreaterThan(0)
    expect(lastBatch).toMatchObject({ inFlight: 0, overdue: 0 })
  })

  it('numbers the writes of a client 1, 2, 3 … and leaves reads without a session', async () => {
    const server = await started(keyValueServer())
    await runLoad(entry, { nodes: nodesOf(server.port) })
    const seqs = new Map<string, number[]>()
    for (const { method, client, seq } of server.calls) {
      if (method === 'GET') expect([client, seq]).toEqual([undefined, undefined])
      else seqs.set(client!, [...(seqs.get(client!) ?? []), seq!])
    }
    expect(seqs.size).toBeGreaterThan(0)
    for (const numbers of seqs.values()) expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  })

  it('follows a 421 that names a leader, and sends there from then on', async () => {
    const leader = await started(keyValueServer())
    const follower = await started(serve((_, response) => reply(response, 421, { error: 'not leader', leader: 'n2', term: 3 })))
    const result = await runLoad(entry, { nodes: nodesOf(follower.port, leader.port) })
    expectNothingLost(result, result.totals)
    expect(result.operations.every(({ outcome, node }) => outcome === 'ok' && node === 'n2')).toBe(true)
    const [first, ...others] = [...result.operations].sort((a, b) => a.start_ns - b.start_ns)
    expect(first!.attempts).toBe(2)
    expect(others.filter(({ attempts }) => attempts === 1).length).toBeGreaterThan(others.length / 2)
    expect(follower.calls.length + leader.calls.length).toBe(result.operations.reduce((sum, { attempts }) => sum + attempts, 0))
  })

  it('gives up after three hops, with fail', async () => {
    const naming = (leader: string) => started(serve((_, response) => reply(response, 421, { leader, term: 1 })))
    const circle = await Promise.all(['n2', 'n3', 'n1'].map(naming))
    const result = await runLoad(entry, { nodes: nodesOf(...circle.map(({ port }) => port)), durationMs: 300 })
    expectNothingLost(result, result.totals)
    const ends = result.operations.map(({ outcome, attempts, error }) => `${outcome} ${attempts} ${error}`)
    expect(new Set(ends)).toEqual(new Set(['fail 4 421']))
  })

  it('ends the attempt at a 421 without a leader, and the next operation tries the next node', async () => {
    const electing = await started(serve((_, response) => reply(response, 421, { error: 'no leader', leader: null, term: 1 })))
    const leader = await started(keyValueServer())
    const result = await runLoad(entry, { nodes: nodesOf(electing.port, leader.port) })
    expectNothingLost(result, result.totals)
    const failed = result.operations.filter(({ outcome }) => outcome === 'fail')
    expect(failed.map(({ attempts, error, node }) => [attempts, error, node])).toEqual(failed.map(() => [1, '421', 'n1']))
    expect(electing.calls.length).toBe(failed.length)
    expect(leader.calls.length).toBeGreaterThan(failed.length)
  })

  it('counts 400, 409, 413, 429 and 503 as fail, 504 as unknown for writes, none as a reason to ask elsewhere', async () => {
    const statuses = [400, 409, 413, 429, 503, 504]
    let answered = 0
    const next = () => statuses[answered++ % statuses.length]!
    const server = await started(serve((_, response) => reply(response, next(), { error: 'no' })))
    const other = await started(keyValueServer())
    const result = await runLoad(entry, { nodes: nodesOf(server.port, other.port) })
    expectNothingLost(result, result.totals)
    expect(other.calls).toEqual([])
    expect(new Set(result.operations.map(({ error }) => Number(error)))).toEqual(new Set(statuses))
    for (const op of result.operations) {
      expect(op.outcome).toBe(op.error === '504' && isWrite(op) ? 'unknown' : 'fail')
      expect(op.censored).toBe(op.error === '504')
      expect(op.end_ns).toBe(op.outcome === 'unknown' ? null : op.settled_ns)
    }
  })

  it('calls a write unknown whose connection closes after the request, retires its client, and asks the next node', async () => {
    const closing = await started(serve((_, __, socket) => socket.destroy()))
    const leader = await started(keyValueServer())
    const result = await runLoad(entry, { nodes: nodesOf(closing.port, leader.port), load: { mix: { ...LOAD.mix, get: 10 } } })
    expectNothingLost(result, result.totals)
    const lost = result.operations.filter(({ outcome }) => outcome !== 'ok')
    expect(lost.length).toBe(closing.calls.length)
    expect(lost.length).toBeGreaterThan(0)
    for (const op of lost) expect([op.outcome, op.censored, op.node]).toEqual([isWrite(op) ? 'unknown' : 'fail', false, null])
    expectRetired(result.operations)
  })

  it('calls a write unknown that was written to a pooled connection which turns out dead', async () => {
    const seen = new WeakSet<object>()
    const server = await started(
      serve(({ method }, response, socket) => {
        if (seen.has(socket)) return void socket.resetAndDestroy()
        seen.add(socket)
        reply(response, 200, method === 'GET' ? { value: null, index: 1 } : { index: 1, term: 1, prior: null })
      }),
    )
    const result = await runLoad(entry, { nodes: nodesOf(server.port) })
    expectNothingLost(result, result.totals)
    const lost = result.operations.filter(({ outcome }) => outcome !== 'ok')
    expect(lost.filter(isWrite).length).toBeGreaterThan(0)
    for (const op of lost) expect(op.outcome).toBe(isWrite(op) ? 'unknown' : 'fail')
    // a retry behind our back would have been a call that no operation stands for
    expect(server.calls.length).toBe(result.operations.length)
  })

  it('calls a refused connection fail, for writes too, since no byte was sent', async () => {
    const result = await runLoad(entry, { nodes: nodesOf(await freePort(), await freePort()), durationMs: 500 })
    expectNothingLost(result, result.totals)
    expect(new Set(result.operations.map(({ outcome, error }) => `${outcome} ${error}`))).toEqual(new Set(['fail ECONNREFUSED']))
  })

  it('settles what is never answered at its deadline, hops included, and tells what is overdue', async () => {
    const silent = await started(serve(() => undefined))
    const follower = await started(serve((_, response) => setTimeout(() => reply(response, 421, { leader: 'n2', term: 1 }), 50)))
    const load = { client: { connectTimeoutMs: 600, readTimeoutMs: 900, pool: null } }
    const result = await runLoad(entry, { nodes: nodesOf(follower.port, silent.port), durationMs: 1000, load })
    expectNothingLost(result, result.totals)
    expect(result.operations.some(({ attempts }) => attempts === 2)).toBe(true)
    for (const op of result.operations) {
      expect([op.outcome, op.censored, op.error]).toEqual([isWrite(op) ? 'unknown' : 'fail', true, 'timeout'])
      expect(op.settled_ns - op.start_ns).toBe(1500e6)
    }
    expect(Math.max(...result.batches.map(({ overdue }) => overdue))).toBeGreaterThan(0)
    expectRetired(result.operations)
  })

  it('leaves a server that was stopped by a signal after the first timeout', async () => {
    const port = await freePort()
    const stopped = await startStoppableServer(port)
    pids.push(stopped.pid!)
    const healthy = await started(keyValueServer())
    const running = await load({ nodes: nodesOf(port, healthy.port), durationMs: 2500 })
    await running.until('an answer of n1', ({ operations }) => operations.some(({ node }) => node === 'n1'))
    stopped.kill('SIGSTOP')
    await running.until('an answer of n2', ({ operations }) => operations.some(({ node }) => node === 'n2'))
    await running.until('done', ({ done }) => done !== null)
    expectNothingLost(running, running.done!)
    const timedOut = running.operations.filter(({ outcome }) => outcome !== 'ok')
    expect(timedOut.length).toBeGreaterThan(0)
    for (const op of timedOut) {
      expect([op.outcome, op.censored]).toEqual([isWrite(op) ? 'unknown' : 'fail', true])
      expect(op.settled_ns - op.start_ns).toBe(DEADLINE_NS)
    }
  })

  it('counts what it could not send when too many are in flight', async () => {
    const silent = await started(serve(() => undefined))
    const client = { connectTimeoutMs: 1500, readTimeoutMs: 100, pool: null }
    const result = await runLoad(entry, { nodes: nodesOf(silent.port), durationMs: 1000, load: { ratePerS: 1500, client } })
    expectNothingLost(result, result.totals)
    expect(result.totals).toMatchObject({ intended: 1500, notSent: 500 })
    expect(Math.max(...result.batches.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(1000)
  })

  it('starts nothing after stop, and settles what is in flight', async () => {
    const silent = await started(serve(() => undefined))
    const running = await load({ nodes: nodesOf(silent.port), durationMs: 60_000 })
    await running.until('requests in flight', ({ batches }) => batches.some(({ inFlight }) => inFlight > 10))
    running.send({ type: 'stop' })
    await running.until('done', ({ done }) => done !== null)
    expectNothingLost(running, running.done!)
    expect(running.done!.intended).toBe(silent.calls.length)
    expect(running.operations.every(({ censored }) => censored)).toBe(true)
  })

  it('goes when its engine goes', async () => {
    const server = await started(keyValueServer())
    const running = await load({ nodes: nodesOf(server.port), durationMs: 60_000 })
    await running.until('operations', ({ operations }) => operations.length > 10)
    running.child.disconnect()
    expect(await running.exited).toBe(0)
  })

  it('drives several groups by one clock, each with its own schedule, clients and nodes', async () => {
    const [web, batch] = [await started(keyValueServer()), await started(keyValueServer())]
    const loads = [{ ...LOAD, name: 'web' }, { ...LOAD, name: 'batch', ratePerS: 40, arrivals: 'poisson' as const, keyPrefix: 'b' }]
    const groups = loads.map((own, i) => ({ load: own, clientPrefix: `${own.name}/`, nodes: nodesOf([web, batch][i]!.port) }))
    const result = await runLoad(entry, { groups, durationMs: 1500 })
    expectNothingLost(result, result.totals)
    expect(result.totals.notSent).toBe(0)
    for (const own of loads) {
      const told = result.operations.filter(({ client }) => client.startsWith(`${own.name}/`)).map(({ intended_ns, op, key }) => [intended_ns, op, key])
      const planned = [...scheduledRequests(42, own, 1500)].map(({ intendedNs, op, key }) => [intendedNs, op, key])
      expect(told.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual(planned)
    }
    expect(batch.calls.length).toBe(result.operations.filter(({ key }) => key.startsWith('b')).length)
    expect(new Set(result.operations.map(({ value }) => value).filter(Boolean)).size).toBe(result.operations.filter(isWrite).length)
  })

  it('asks otherwise as soon as it is told, says so, and as before when that ends', async () => {
    const server = await started(keyValueServer())
    const running = await load({ nodes: nodesOf(server.port), durationMs: 4000 })
    await running.until('operations', ({ operations }) => operations.length > 50)
    running.send({ type: 'change', order: 1, group: 'client', id: 'spike', change: { kind: 'rate', ratePerS: 1000 } })
    running.send({ type: 'change', order: 2, group: 'nobody', id: 'spike', change: { kind: 'rate', ratePerS: 1000 } })
    await running.until('a thousand operations', ({ operations }) => operations.length > 1000)
    running.send({ type: 'change', order: 3, group: 'client', id: 'spike', change: null })
    await running.until('done', ({ done }) => done !== null)
    expect(running.changed.map(({ order, failure }) => [order, failure])).toEqual([[1, null], [2, 'there is no client group nobody'], [3, null]])
    expectNothingLost(running, running.done!)
    expect(running.done!.notSent).toBe(0)
    const gapsMs = running.operations.map(({ intended_ns }) => intended_ns / 1e6).toSorted((a, b) => a - b).map((at, i, all) => at - (all[i - 1] ?? at - 10))
    // evenly at 100/s, then at 1,000/s, then at 100/s; only where the rate changes a gap is of both
    const shape = gapsMs.map((gap) => (Math.abs(gap - 10) < 1e-3 ? 'slow ' : Math.abs(gap - 1) < 1e-3 ? 'fast ' : 'mixed ')).join('')
    expect(shape).toMatch(/^(slow ){50,}(mixed )?(fast ){500,}(mixed )?(slow )+$/)
  })

  it('takes the end of a change also when it was stopped: there is nothing to change any more', async () => {
    const server = await started(keyValueServer())
    const running = await load({ nodes: nodesOf(server.port), durationMs: 20_000 })
    await running.until('operations', ({ operations }) => operations.length > 5)
    running.send({ type: 'change', order: 1, group: 'client', id: 'spike', change: { kind: 'rate', ratePerS: 500 } })
    running.send({ type: 'stop' })
    await running.until('done', ({ done }) => done !== null)
    running.send({ type: 'change', order: 2, group: 'client', id: 'spike', change: null })
    await running.until('both answers', ({ changed }) => changed.length === 2)
    expect(running.changed.map(({ failure }) => failure)).toEqual([null, null])
    expect(running.fatal).toBeNull()
  })

  it('waits for a connection of its pool from the intended start on, and fails unsent when that takes too long', async () => {
    const held: (() => void)[] = []
    let inUse = 0
    let inUseMax = 0
    const slow = await started(serve((_, response) => {
      inUseMax = Math.max(inUseMax, ++inUse)
      held.push(() => (inUse--, reply(response, 200, { index: 1, prior: null, value: null })))
      setTimeout(() => held.shift()?.(), 100)
    }))
    // three at a time, 100 ms each: 30 a second of the 100 that come
    const client = { connectTimeoutMs: 200, readTimeoutMs: 1000, pool: 3 }
    const result = await runLoad(entry, { nodes: nodesOf(slow.port), durationMs: 2000, load: { client } })
    expectNothingLost(result, result.totals)
    expect(inUseMax).toBe(3)
    expect(result.totals.notSent).toBe(0)
    const unsent = result.operations.filter(({ error }) => error === 'no connection in the pool')
    expect(unsent.length).toBeGreaterThan(20)
    for (const op of unsent) {
      expect([op.outcome, op.censored]).toEqual(['fail', true])
      expect(Math.round((op.settled_ns - op.start_ns) / 1e6)).toBe(200)
    }
    expect(slow.calls.length).toBe(result.operations.length - unsent.length)
    const answered = result.operations.filter(({ outcome }) => outcome === 'ok')
    expect(answered.some((op) => op.settled_ns - op.intended_ns > 250e6)).toBe(true)
    expect(Math.max(...result.batches.map(({ groups }) => groups[0]!.waiting))).toBeGreaterThan(3)
    expect(result.batches.every(({ groups }) => groups[0]!.pool === 3)).toBe(true)
  })

  it('says what is wrong with its configuration, and exits with 1', async () => {
    const load = { ...LOAD, valueSizeBytes: 10 }
    const running = startGenerator(entry, JSON.stringify(configOf({ nodes: nodesOf(20_000), load })))
    expect(await running.exited).toBe(1)
    expect(running.fatal).toContain('valueSizeBytes is 10')
    expect(running.stderr).toContain('valueSizeBytes is 10')
  })
})

async function load(part: Parameters<typeof startLoad>[1]): Promise<Running> {
  const running = await startLoad(entry, part)
  pids.push(running.child.pid!)
  return running
}

/** @returns how many values the histograms hold together */
function countIn(histograms: string[]): number {
  return histograms.reduce((total, histogram) => total + decodeFromCompressedBase64(histogram, 32).totalCount, 0)
}

/** A client id whose write ended unknown starts no operation after it. */
function expectRetired(operations: OperationRecord[]): void {
  const lastStart = new Map<string, number>()
  for (const { client, start_ns } of operations) lastStart.set(client, Math.max(start_ns, lastStart.get(client) ?? 0))
  const unknown = operations.filter(({ outcome }) => outcome === 'unknown')
  expect(unknown.length).toBeGreaterThan(0)
  for (const { client, start_ns } of unknown) expect(lastStart.get(client)).toBe(start_ns)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // ESRCH: gone already
  }
}
