/** Faults of clocks on real processes: measured from what nodes believe beside the one clock of the run. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { NodeSample } from '@shared/run/event'
import { Desk } from '../lab/command-line'
import { perform, type Performed } from './performed'

const PLAN = `
faultline: 1
title: clocks that are wrong
cluster: { nodes: 3, raft: { heartbeat: 50ms, electionTimeout: [300ms, 600ms] } }
load: { rate: 50/s, keys: 20 }
phases: { warmup: 1s, baseline: 2s, faults: 6s, recovery: 7s }
timeline:
  - { id: step, at: 0s, for: 2s, fault: clock-step, step: -1h, target: n1 }
  - { id: drift, at: 0s, for: 3s, fault: clock-drift, ppm: 50000, target: n2 }
  - { id: rate, at: 3500ms, for: 2s, fault: timer-rate, rate: 200%, target: leader }
expect:
  - { metric: lost_writes, is: "== 0" }
  - { metric: linearizable, is: "ok" }
`

let desk: Desk
let run: Performed
beforeAll(async () => {
  desk = new Desk()
  run = await perform(desk, PLAN)
}, 120_000)
afterAll(() => desk.close())

const within = (from: number, to: number, node: string): NodeSample[] =>
  run.samples.filter((sample) => sample.node === node && sample.atNs > from && sample.atNs < to)
const during = (id: string): NodeSample[] =>
  within(run.event(id, 'acknowledged').atNs, run.event(id, 'undo-requested').atNs, run.event(id, 'requested').targets[0]!)

it('all of them show and are gone, and nothing is left', () => {
  expect(run.report).toMatchObject({ end: 'COMPLETED', lost_writes: 0 })
  for (const id of ['step', 'drift', 'rate']) {
    expect([id, ...run.stages(id)]).toEqual([id, 'requested', 'acknowledged', 'observed', 'measured', 'undo-requested', 'undone', 'observed-gone'])
  }
  expect(run.report.cleanup.done).toBe(run.report.cleanup.of)
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})

it('a step is in the wall clock, and in nothing else', () => {
  expect(run.size('step')).toMatchObject({ asked: -3_600_000, unit: 'ms' })
  expect(Math.abs(run.size('step').seen + 3_600_000)).toBeLessThan(500)
  for (const sample of during('step')) expect([sample.monotonicNs, sample.timersNs]).toEqual([sample.atNs, sample.atNs])
  expect(run.within('step', 'role')).toEqual([]) // nobody stands for election because of it
})

it('a drift is in the monotonic clock; reports stay dated in true time', () => {
  const { seen, asked } = run.size('drift')
  expect(asked).toBe(50_000)
  expect(Math.abs(seen / asked - 1)).toBeLessThan(0.01)
  const samples = during('drift')
  const [first, last] = [samples[0]!, samples.at(-1)!]
  const aheadMs = (sample: NodeSample): number => (sample.monotonicNs - sample.atNs) / 1e6
  expect(aheadMs(last) - aheadMs(first)).toBeCloseTo(((last.atNs - first.atNs) / 1e6) * 0.05, 0)
  const { atNs: endedNs } = run.event('drift', 'undone')
  const after = within(endedNs, Infinity, 'n2')
  expect(aheadMs(after.at(-1)!)).toBe(aheadMs(after[0]!)) // it goes on from where it is, at the true rate
  expect(Math.abs(after.at(-1)!.wallMs - last.wallMs - (after.at(-1)!.atNs - last.atNs) / 1e6)).toBeLessThan(500)
})

it('timers at twice the rate send twice the heartbeats', () => {
  const { seen, asked } = run.size('rate')
  expect(asked).toBe(2)
  expect(Math.abs(seen - 2)).toBeLessThan(0.02)
  const [leader] = run.event('rate', 'requested').targets
  const roundsPerS = (samples: readonly NodeSample[]): number => {
    const [first, last] = [samples[0]!, samples.at(-1)!]
    const sent = (sample: NodeSample): number => Math.min(...sample.links.map((link) => link.sent))
    return (sent(last) - sent(first)) / ((last.atNs - first.atNs) / 1e9)
  }
  const before = roundsPerS(within(run.event('rate', 'requested').atNs - 2e9, run.event('rate', 'requested').atNs, leader!))
  // heartbeats are 20 a second; every write of the load adds a message that is none
  expect(roundsPerS(during('rate')) - before).toBeGreaterThan(5)
})
