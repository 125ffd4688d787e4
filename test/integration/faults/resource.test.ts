/** Faults of resources on real processes: measured from processor times, late timers and resident memory. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Desk } from '../lab/command-line'
import { expectGone, midRun } from '../lab/mid-run'
import { perform, type Performed } from './performed'

const PLAN = `
faultline: 1
title: nodes that have to share
cluster: { nodes: 3, raft: { heartbeat: 50ms, electionTimeout: [500ms, 1s] } }
load: { rate: 20/s, keys: 20 }
phases: { warmup: 1s, baseline: 2s, faults: 6s, recovery: 7s }
timeline:
  - { id: stall, at: 0s, for: 3s, fault: loop-stall, stall: 200ms, period: 500ms, target: n1 }
  - { id: memory, at: 0s, for: 3s, fault: memory, size: 100MiB, target: n2 }
  - { id: burn, at: 3500ms, for: 2s, fault: cpu, share: 30%, target: n3 }
expect:
  - { metric: lost_writes, is: "== 0" }
`

let desk: Desk
let run: Performed
beforeAll(async () => {
  desk = new Desk()
  run = await perform(desk, PLAN)
}, 120_000)
afterAll(() => desk.close())

it('all of them show and are gone, and nothing is left', () => {
  expect(run.report).toMatchObject({ end: 'COMPLETED', lost_writes: 0 })
  for (const id of ['stall', 'memory', 'burn']) {
    expect([id, ...run.stages(id)]).toEqual([id, 'requested', 'acknowledged', 'observed', 'measured', 'undo-requested', 'undone', 'observed-gone'])
  }
  expect(run.report.cleanup.done).toBe(run.report.cleanup.of)
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})

it('a loop that stands still keeps its timers waiting', () => {
  const { seen, asked, n } = run.size('stall')
  expect([asked, n > 2]).toEqual([200, true])
  expect(seen).toBeGreaterThan(170) // by up to 20 ms less than it stood still
  const [fromNs, toNs] = [run.event('stall', 'acknowledged').atNs, run.event('stall', 'undo-requested').atNs]
  const cpuMs = run.samples.filter(({ node, atNs }) => node === 'n1' && atNs > fromNs && atNs < toNs).map((sample) => sample.cpuMs)
  expect(cpuMs.at(-1)! - cpuMs[0]!).toBeGreaterThan(100) // busy, not asleep
})

it('memory is resident while it is held, and given back', () => {
  const { seen, asked } = run.size('memory')
  expect(asked).toBe(100)
  expect(Math.abs(seen - asked)).toBeLessThan(25)
})

it('a burner gets processor time, and is a process that goes', () => {
  const { seen, asked, n } = run.size('burn')
  expect([asked, n > 3]).toEqual([30, true])
  expect(seen).toBeGreaterThan(0) // how much of it is left for it depends on the machine
  expect(seen).toBeLessThan(2 * asked)
})

it('a burner goes with its engine, however that ends', async () => {
  const burning = PLAN.replace('at: 3500ms, for: 2s, fault: cpu', 'at: 0s, for: 5s, fault: cpu')
  const mid = await midRun(desk, burning, 'burn is seen to act')
  expect(desk.byEntry('burner.js')).toHaveLength(1)
  mid.going.child.kill('SIGKILL')
  await expectGone(desk, mid)
})
