/** What faults on links, client paths and frames call, in the dry run. */
import { describe, expect, it } from 'vitest'
import { expand, prepareFault, substitute } from '@shared/plan/expand'
import { parsePlan } from '@shared/plan/parse'
import type { ScheduledFault } from '@shared/plan/schedule'
import { onlyOf, readLasting } from './entry'

const read = (entry: string) => readLasting('2s', entry)
const only = (entry: string): ScheduledFault => onlyOf(read(entry))

const problemOf = (entry: string) => read(entry).problems.filter(({ severity }) => severity === 'error').map(({ path, suggestion }) => [path.replace('timeline[0].', ''), suggestion])

describe('a toxic on a link', () => {
  it.each([
    ['fault: bandwidth, rate: 100KB/s', 'bandwidth', { rate: 100 }],
    ['fault: bandwidth, rate: 2MB/s', 'bandwidth', { rate: 2_000 }],
    ['fault: reset, delay: 30ms', 'reset_peer', { timeout: 30 }],
    ['fault: slow-close, delay: 2s', 'slow_close', { delay: 2_000 }],
    ['fault: slicing, averageSize: 100B, variation: 20B, delay: 500µs', 'slicer', { average_size: 100, size_variation: 20, delay: 500 }],
    ['fault: limit, bytes: 20KB', 'limit_data', { bytes: 20_000 }],
  ])('%s', (entry, type, attributes) => {
    const { calls, undo } = only(`${entry}, target: n1->n2`)
    expect(calls).toEqual([{ method: 'POST', path: '/proxies/n1-n2/toxics', body: { name: 'f-1', type, stream: 'upstream', toxicity: 1, attributes } }])
    expect(undo).toEqual([{ method: 'DELETE', path: '/proxies/n1-n2/toxics/f-1', body: null }])
  })

  it.each([
    ['up', ['f-1-up upstream']],
    ['down', ['f-1-down downstream']],
    ['both', ['f-1-up upstream', 'f-1-down downstream']],
  ])('on a client path goes the way that is asked: %s', (stream, toxics) => {
    const { calls, undo } = only(`fault: latency, latency: 5ms, path: client, stream: ${stream}, target: leader`)
    expect(calls.map(({ body }) => `${(body as { name: string }).name} ${(body as { stream: string }).stream}`)).toEqual(toxics)
    expect(undo).toHaveLength(toxics.length)
  })
})

describe('a fault that comes and goes', () => {
  it('flapping: cut at the start of each period, healed for the rest of it, and healed at the end', () => {
    const { calls, undo } = only('fault: flapping, period: 800ms, duty: 25%, mode: stall, target: n1->n2')
    expect(calls.map(({ method, after_ms }) => `${method} ${after_ms ?? 0}`)).toEqual(['POST 0', 'DELETE 200', 'POST 800', 'DELETE 1000', 'POST 1600', 'DELETE 1800'])
    expect(undo).toEqual([{ method: 'DELETE', path: '/proxies/n1-n2/toxics/f-1', body: null }])
  })

  it('flapping by refusal opens and closes the proxy', () => {
    const { calls, undo } = only('fault: flapping, period: 1s, mode: refuse, target: n1->n2')
    expect(calls.map(({ body, after_ms }) => [body, after_ms ?? 0])).toEqual([
      [{ enabled: false }, 0], [{ enabled: true }, 500], [{ enabled: false }, 1_000], [{ enabled: true }, 1_500],
    ])
    expect(undo).toEqual([{ method: 'PATCH', path: '/proxies/n1-n2', body: { enabled: true } }])
  })

  it('spikes: one toxic, changed to and fro', () => {
    const { calls, undo } = only('fault: jitter-spike, base: 2ms, spike: 80ms, period: 1s, width: 250ms, target: n1->n2')
    const latencies = calls.map(({ method, path, body, after_ms }) => [method, path, (body as { attributes: { latency: number } }).attributes.latency, after_ms ?? 0])
    const [added, changed] = ['/proxies/n1-n2/toxics', '/proxies/n1-n2/toxics/f-1']
    expect(latencies).toEqual([
      ['POST', added, 80, 0], ['PATCH', changed, 2, 250], ['PATCH', changed, 80, 1_000], ['PATCH', changed, 2, 1_250],
    ])
    expect(undo).toEqual([{ method: 'DELETE', path: changed, body: null }])
  })

  it('has a schedule of bounded length, however long it lasts', () => {
    const { plan } = parsePlan(`faultline: 1
title: T
cluster: { nodes: 3 }
phases: { faults: 1h }
timeline: [{ id: f-1, at: 0s, for: 1h, fault: flapping, period: 200ms, target: n1->n2 }]
`)
    expect(expand(plan!, 1).schedule[0]!.calls).toHaveLength(1_000)
  })
})

describe('a fault on frames', () => {
  it.each(['loss', 'duplicate', 'reorder'])('%s: one order to each sender, with its peers, and its end', (kind) => {
    const { calls, undo } = only(`fault: ${kind}, share: 10%, target: leader`)
    expect(calls.map(({ method, path, body }) => [method, path, (body as { harm: { to: string[] } }).harm.to])).toEqual([
      ['NODE', 'leader', ['follower#1', 'follower#2']],
      ['NODE', 'follower#1', ['leader']],
      ['NODE', 'follower#2', ['leader']],
    ])
    expect(calls[0]!.body).toMatchObject({ id: 'f-1', harm: { kind: 'frames', loss: 0, duplicate: 0, reorder: 0, [kind]: 0.1 } })
    expect(undo.map(({ path, body }) => [path, body])).toEqual(['follower#2', 'follower#1', 'leader'].map((node) => [node, { id: 'f-1', harm: null }]))
  })

  it('in a dry run equals the run with the recorded roles put in, also in whom the orders name', () => {
    const { plan } = read('fault: loss, share: 10%, target: leader')
    const view = { ids: ['n1', 'n2', 'n3'], leader: 'n2', followers: ['n1', 'n3'] }
    const { calls, drawn } = prepareFault(plan!.timeline[0]!, plan!, 42, view)
    expect(substitute(expand(plan!, 42).schedule[0]!.calls, drawn.roles)).toEqual(calls)
    expect((calls[0]!.body as { harm: { to: string[] } }).harm.to).toEqual(['n1', 'n3'])
  })
})

describe('what does not go together', () => {
  it.each([
    ['fault: bandwidth, rate: 1500B/s, target: n1', [['rate', '2KB/s']]],
    ['fault: bandwidth, rate: 100KB, target: n1', [['rate', '100KB/s']]],
    ['fault: bandwidth, rate: 0KB/s, target: n1', [['rate', '1KB/s']]],
    ['fault: latency, latency: 5ms, stream: up, target: n1', [['stream', 'both']]],
    ['fault: slicing, averageSize: 100B, variation: 100B, target: n1', [['variation', '99B']]],
    ['fault: jitter-spike, base: 5ms, spike: 5ms, period: 1s, width: 100ms, target: n1', [['spike', '50ms']]],
    ['fault: jitter-spike, spike: 5ms, period: 1s, width: 1s, target: n1', [['width', '250ms']]],
    ['fault: packet-loss, target: n1', [['fault', 'loss']]],
    ['fault: reset_peer, target: n1', [['fault', 'reset']]],
    ['fault: stall, target: n1', [['fault', 'partition']]],
  ])('%s', (entry, problems) => {
    expect(problemOf(entry)).toEqual(problems)
  })
})

it.each(['up', 'down'])('no fault is called like a toxic of another one: f-1-%s', (way) => {
  const other = `fault: crash, target: n1 }\n  - { id: f-1-${way}, at: 6s, for: 1s, fault: crash, target: n1`
  expect(problemOf(other)).toEqual([['timeline[1].id', null]])
})
