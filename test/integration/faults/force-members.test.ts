/** All voters of a cluster die for good; a learner that was cut off a second before is made the cluster by an operator. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Desk } from '../lab/command-line'
import { perform, type Performed } from './performed'

const PLAN = `
faultline: 1
title: every voter is lost
cluster:
  nodes: [{ id: a }, { id: b }, { id: c }, { id: d, learner: true }]
  raft: { heartbeat: 50ms, electionTimeout: [500ms, 1s] }
blastRadius: { nodes: 3, allowQuorumLoss: true }
load: { rate: 200/s, keys: 50, mix: { put: 90, get: 10 } }
phases: { warmup: 0s, baseline: 1s, faults: 5s, recovery: 7s }
timeline:
  - { id: cut-off, at: 0s, for: 2500ms, fault: partition, mode: drop, target: "*->d" }
  - { id: lost, at: 1s, for: good, fault: crash, target: voters }
  - { id: forced, at: 3s, for: 2s, fault: force-members, target: d }
expect:
  - { metric: lost_writes, is: "== 0" }
`

let desk: Desk
let run: Performed
beforeAll(async () => {
  desk = new Desk()
  run = await perform(desk, PLAN)
})
afterAll(() => desk.close())

it('the survivor is the only voter, leads, and service is back', () => {
  expect(run.stages('forced')).toEqual(['requested', 'acknowledged', 'observed', 'undo-requested', 'undone', 'observed-gone'])
  const words = run.events.filter((event) => event.kind === 'membership' && event.stage === 'forced')
  expect(words.map((event) => 'voters' in event && event.voters)).toEqual([['d']])
  const fault = run.report.faults.find(({ id }) => id === 'forced')!
  expect(fault.restored_ms).not.toBeNull()
})

it('what was acknowledged and had not reached it is counted as lost, and the plan that denies it does not hold', () => {
  expect(run.report.lost_writes).toBeGreaterThan(0)
  expect(run.report.verdict).toBe('NOT_HELD')
})

it('no more is lost than was acknowledged in the time that the survivor was behind', () => {
  expect(run.report.lost_writes).toBeLessThan(400) // 180 writes a second, for one second; a busy machine is late
})

it('the old voters are gone for good: until the run ends, beyond the phase that they died in', () => {
  expect(run.stages('lost').at(-1)).toBe('observed-gone')
  expect(run.event('lost', 'undo-requested').atNs - run.event('lost', 'requested').atNs).toBeGreaterThan(10.5e9)
})

it('everything is ended, the old voters too', () => {
  expect(run.report.end).toBe('COMPLETED')
  expect(run.report.cleanup.done).toBe(run.report.cleanup.of)
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})
