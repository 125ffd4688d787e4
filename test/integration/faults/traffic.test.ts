/** Faults of the traffic on real processes: measured from what the generator counted, and from the operations themselves. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OperationRecord } from '@shared/run/operation'
import { openStore } from '../../../src-main/lab/store/store'
import { Desk } from '../lab/command-line'
import { perform, type Performed } from './performed'

const PLAN = `
faultline: 1
title: clients that ask otherwise
cluster: { nodes: 3, raft: { heartbeat: 50ms, electionTimeout: [500ms, 1s] } }
load:
  - { name: web, rate: 40/s, arrivals: constant, keys: 20, mix: { put: 50, get: 50 } }
  - { name: batch, rate: 20/s, arrivals: constant, keys: 20, keyPrefix: b, mix: { put: 100 } }
phases: { warmup: 1s, baseline: 1s, faults: 8s, recovery: 7s }
timeline:
  - { id: spike, at: 0s, for: 2s, fault: spike, rate: 120/s, target: web }
  - { id: large, at: 0s, for: 2s, fault: large-values, size: 64KB, target: batch }
  - { id: ramp, at: 3s, for: 3s, fault: ramp, to: 160/s, target: web }
  - { id: hot, at: 3s, for: 3s, fault: hot-key, share: 80%, target: batch }
  - { id: slow, at: 6s, for: 2s, fault: latency, latency: 150ms, path: client, target: all }
  - { id: pool, at: 6s, for: 2s, fault: pool, size: 1, target: batch }
expect:
  - { metric: lost_writes, is: "== 0" }
`

let desk: Desk
let run: Performed
let operations: OperationRecord[]
beforeAll(async () => {
  desk = new Desk()
  run = await perform(desk, PLAN)
  const store = openStore(join(desk.data, 'faultline.db'))
  operations = [...store.loadRecords(run.report.run).operations]
  store.close()
}, 120_000)
afterAll(() => desk.close())

/** Operations of a group that were due between the order's answer and the undo. */
function during(id: string, group: string): OperationRecord[] {
  const loadStartNs = run.events.find(({ kind }) => kind === 'load-start')!.atNs
  const [fromNs, toNs] = [run.event(id, 'acknowledged').atNs - loadStartNs, run.event(id, 'undo-requested').atNs - loadStartNs]
  return operations.filter(({ client, intended_ns: atNs }) => client.startsWith(`${group}/`) && atNs > fromNs && atNs < toNs)
}

it('all of them show and are gone, and nothing is left', () => {
  expect(run.report).toMatchObject({ end: 'COMPLETED', lost_writes: 0 })
  for (const id of ['spike', 'large', 'ramp', 'hot', 'pool']) {
    expect([id, ...run.stages(id)]).toEqual([id, 'requested', 'acknowledged', 'observed', 'measured', 'undo-requested', 'undone', 'observed-gone'])
  }
  expect(run.report.cleanup.done).toBe(run.report.cleanup.of)
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})

it('a spike asks at its rate', () => {
  const { seen, asked } = run.size('spike')
  expect(asked).toBe(120)
  expect(Math.abs(seen - asked)).toBeLessThan(6)
  expect(Math.abs(during('spike', 'web').length - 240)).toBeLessThan(20)
  expect(Math.abs(during('large', 'batch').length - 40)).toBeLessThan(6) // the other group asks as before
})

it('a ramp is at its rate when it ends', () => {
  const { seen, asked } = run.size('ramp')
  expect(asked).toBe(160)
  expect(Math.abs(seen - asked)).toBeLessThan(16)
  expect(Math.abs(during('ramp', 'web').length - 300)).toBeLessThan(20) // from 40/s to 160/s in 3 s
})

it('values have the size asked for, and come back whole', () => {
  expect(run.size('large')).toMatchObject({ asked: 64, seen: 64 })
  const written = during('large', 'batch')
  expect(written.length).toBeGreaterThan(0)
  expect(written.every(({ value }) => value?.length === 64_000)).toBe(true)
  expect(operations.every(({ checked }) => checked)).toBe(true)
})

it('a hot key gets its share', () => {
  const { seen, asked } = run.size('hot')
  expect(asked).toBe(80)
  expect(Math.abs(seen - asked)).toBeLessThan(20) // 60 requests, drawn
  const hit = during('hot', 'batch')
  expect(hit.filter(({ key }) => key === 'bk0').length / hit.length).toBeCloseTo(seen / 100, 1)
})

it('requests wait for the one connection there is', () => {
  expect(run.size('pool')).toMatchObject({ asked: 1, seen: 1 })
  const unsent = during('pool', 'batch').filter(({ error }) => error === 'no connection in the pool')
  expect(unsent.length).toBeGreaterThan(0)
  expect(unsent.every(({ outcome }) => outcome === 'fail')).toBe(true)
})
