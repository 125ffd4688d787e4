/** Operators' faults on real processes under load: leadership and members change, and no acknowledged write is lost. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Desk } from '../lab/command-line'
import { perform, type Performed } from './performed'

const PLAN = `
faultline: 1
title: an operator at work
cluster:
  nodes: [{ id: n1 }, { id: n2 }, { id: n3 }, { id: n4, spare: true }]
  raft: { heartbeat: 50ms, electionTimeout: [500ms, 1s] }
load: { rate: 50/s, keys: 20 }
phases: { warmup: 1s, baseline: 1s, faults: 16s, recovery: 7s }
timeline:
  - { id: moved, at: 0s, for: 2s, fault: transfer, target: leader }
  - { id: kept, at: 2s, for: 1s, fault: snapshot, target: n2 }
  - { id: added, at: 3s, for: 3s, fault: add-node, target: n4 }
  - { id: removed, at: 6s, for: 3s, fault: remove-node, target: n3 }
  - { id: replaced, at: 9s, for: 4s, fault: replace-node, with: n3, target: n4 }
  - { id: declined, at: 14s, for: 1s, fault: transfer, to: n4, target: leader }
expect:
  - { metric: lost_writes, is: "== 0" }
  - { metric: availability, is: ">= 90%" }
`

let desk: Desk
let run: Performed
beforeAll(async () => {
  desk = new Desk()
  run = await perform(desk, PLAN)
})
afterAll(() => desk.close())

const votersAfter = (id: string): string[] =>
  run.within(id, 'membership').findLast(({ stage }) => stage === 'final')!.voters.toSorted()

it('each is seen, and stays: nothing is undone', () => {
  for (const id of ['moved', 'kept', 'added', 'removed', 'replaced']) {
    expect([id, ...run.stages(id)]).toEqual([id, 'requested', 'acknowledged', 'observed', 'undone'])
  }
  expect(run.report).toMatchObject({ end: 'COMPLETED', lost_writes: 0 })
  expect(run.report.cleanup.done).toBe(run.report.cleanup.of)
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})

it('leadership moves in under one election timeout', () => {
  const [from, to] = [run.event('moved', 'requested'), run.event('moved', 'acknowledged')]
  expect(to.atNs - from.atNs).toBeLessThan(500e6)
  const elected = run.within('moved', 'role').find(({ role }) => role === 'leader')!
  expect(elected.node).not.toBe(from.targets[0])
})

it('a snapshot is made by the target', () => {
  expect(run.within('kept', 'snapshot').map(({ node }) => node)).toContain('n2')
})

it('a spare runs only once it is added, and votes once it has caught up', () => {
  const started = run.events.find((event) => event.kind === 'node-started' && event.node === 'n4')!
  expect(started.atNs).toBeGreaterThan(run.event('added', 'requested').atNs)
  expect(votersAfter('added')).toEqual(['n1', 'n2', 'n3', 'n4'])
})

it('who is removed has no vote any more, and its process ends in good order', () => {
  expect(votersAfter('removed')).toEqual(['n1', 'n2', 'n4'])
  expect(run.within('removed', 'node-exited').map(({ node, code, expected }) => [node, code, expected])).toEqual([['n3', 0, true]])
})

it('a replacement comes before the other one goes', () => {
  const sizes = run.within('replaced', 'membership').filter(({ stage }) => stage === 'final').map(({ voters }) => voters.length)
  expect(Math.min(...sizes)).toBe(3)
  expect(Math.max(...sizes)).toBe(4)
  expect(votersAfter('replaced')).toEqual(['n1', 'n2', 'n3'])
})

it('what the cluster declines is told, decides nothing, and ends nothing', () => {
  expect(run.event('declined', 'failed').detail).toMatch(/n4/)
  expect(run.report.verdict).toBe('INCONCLUSIVE')
})

it('writes go on under every change of members: none is refused for good', () => {
  expect(run.report.availability.requests).toBeGreaterThan(0.9)
})
