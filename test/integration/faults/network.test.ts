/** Network faults on real processes: what each does to what travels is measured, beside what was asked, and gone afterwards. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Desk } from '../lab/command-line'
import { perform, type Performed } from './performed'

/** Different links and client paths carry different faults at one time. */
const PLAN = `
faultline: 1
title: every network fault
cluster: { nodes: 3, raft: { heartbeat: 50ms, electionTimeout: [500ms, 1s] } }
blastRadius: { nodes: 3, allowQuorumLoss: true }
load: { rate: 60/s, keys: 20 }
phases: { warmup: 1s, baseline: 3s, faults: 29s, recovery: 8s }
timeline:
  - { id: latency, at: 0s, for: 5s, fault: latency, latency: 30ms, target: "n1<->n2" }
  - { id: jitter, at: 0s, for: 5s, fault: latency, latency: 40ms, jitter: 20ms, target: "n2->n3" }
  - { id: latency-client, at: 0s, for: 5s, fault: latency, latency: 25ms, path: client, target: n1 }
  - { id: spikes, at: 0s, for: 5s, fault: jitter-spike, base: 5ms, spike: 100ms, period: 1500ms, width: 700ms, target: "n3->n1" }
  - { id: slow-close-client, at: 0s, for: 5s, fault: slow-close, delay: 200ms, path: client, target: n2 }
  - { id: cut-client, at: 0s, for: 5s, fault: partition, mode: drop, path: client, target: n3 }
  - { id: flap-drop, at: 7s, for: 6s, fault: flapping, period: 1s, duty: 40%, target: "n1->n2" }
  - { id: flap-stall, at: 7s, for: 6s, fault: flapping, period: 800ms, duty: 50%, mode: stall, target: "n2->n3" }
  - { id: flap-refuse, at: 7s, for: 6s, fault: flapping, period: 1s, duty: 30%, mode: refuse, path: client, target: n1 }
  - { id: bandwidth, at: 7s, for: 6s, fault: bandwidth, rate: 100KB/s, target: "n3->n1" }
  - { id: bandwidth-client, at: 7s, for: 6s, fault: bandwidth, rate: 40KB/s, path: client, stream: down, target: n2 }
  - { id: limit-client, at: 7s, for: 6s, fault: limit, bytes: 10KB, path: client, stream: up, target: n3 }
  - { id: slicing, at: 15s, for: 5s, fault: slicing, averageSize: 64B, delay: 5ms, target: "n1->n2" }
  - { id: limit, at: 15s, for: 5s, fault: limit, bytes: 20KB, target: "n2->n3" }
  - { id: slow-close, at: 15s, for: 5s, fault: slow-close, delay: 300ms, target: "n3->n1" }
  - { id: reset, at: 15s, for: 5s, fault: reset, target: "n1->n3" }
  - { id: reset-client, at: 15s, for: 5s, fault: reset, path: client, target: n1 }
  - { id: slicing-client, at: 15s, for: 5s, fault: slicing, averageSize: 64B, delay: 3ms, path: client, target: n2 }
  - { id: loss, at: 22s, for: 6s, fault: loss, share: 30%, target: "n1->*" }
  - { id: twice, at: 22s, for: 6s, fault: duplicate, share: 30%, target: "n2->*" }
  - { id: overtaken, at: 22s, for: 6s, fault: reorder, share: 30%, target: "n3->*" }
expect:
  - { metric: linearizable, is: "ok" }
  - { metric: lost_writes, is: "== 0" }
`
const FAULTS = [...PLAN.matchAll(/id: ([a-z-]+)/g)].map(([, id]) => id!)

let desk: Desk
let run: Performed
beforeAll(async () => {
  desk = new Desk()
  run = await perform(desk, PLAN)
})
afterAll(() => desk.close())

it('all of them are undone, nothing acknowledged is lost, no toxic and no process is left', () => {
  expect(run.report).toMatchObject({ end: 'COMPLETED', lost_writes: 0, linearizable: { verdict: 'ok' } })
  expect(run.report.cleanup.done).toBe(run.report.cleanup.of)
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})

it.each(FAULTS)('%s is seen, and seen to be gone', (id) => {
  expect(run.stages(id).filter((stage) => stage !== 'measured')).toEqual([
    'requested', 'acknowledged', 'observed', 'undo-requested', 'undone', 'observed-gone',
  ])
})

describe('measured, at least half and at most double of what was asked:', () => {
  it.each([
    ['latency', 30, 'ms'],
    ['jitter', 40, 'ms'],
    ['latency-client', 25, 'ms'],
    ['spikes', 95, 'ms'],
    ['slow-close', 300, 'ms'],
    ['slow-close-client', 200, 'ms'],
    ['flap-drop', 40, '%'],
    ['flap-stall', 50, '%'],
    ['flap-refuse', 30, '%'],
    ['bandwidth', 100, 'KB/s'],
    ['bandwidth-client', 40, 'KB/s'],
    ['limit', 20_000, 'B'],
    ['limit-client', 10_000, 'B'],
    ['slicing', 64, 'B'],
    ['reset', 100, '%'],
    ['reset-client', 100, '%'],
    ['loss', 30, '%'],
    ['twice', 30, '%'],
    ['overtaken', 30, '%'],
  ])('%s', (id, asked, unit) => {
    const size = run.size(id)
    expect(size).toMatchObject({ asked, unit })
    expect(size.seen).toBeGreaterThanOrEqual(asked / 2)
    expect(size.seen).toBeLessThanOrEqual(asked * 2)
  })
})

it('a cut client path lets nothing through', () => {
  expect(run.size('cut-client')).toMatchObject({ what: 'probes that came through', seen: 0 })
})

it('what is said of a fault on frames names who made it', () => {
  expect(run.event('loss', 'observed').detail).toContain('made in the sending node')
})
