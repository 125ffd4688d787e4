/** Operators' faults on real processes under load: leadership and members change, and no acknowledged write is lost. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Desk } from '../lab/command-line'
import { perform, type Performed } from './performed'

const PLAN = `
faultline: 1
title: an operator at work
cluster:
  nodes: [{ id: n1 }, { id: n2 }, { id: n3 }, { id: n4, spare: true }, { id: n5, spare: true }]
  raft: { heartbeat: 50ms, electionTimeout: [500ms, 1s] }
load: { rate: 50/s, keys: 20 }
phases: { warmup: 0s, baseline: 1s, faults: 16s, recovery: 7s }
timeline:
  - { id: moved, at: 0s, for: 1500ms, fault: transfer, target: leader }
  - { id: kept, at: 1500ms, for: 500ms, fault: snapshot, target: n2 }
  - { id: added, at: 2s, for: 2500ms, fault: add-node, target: n4 }
  - { id: removed, at: 4500ms, for: 2500ms, fault: remove-node, target: n3 }
  - { id: replaced, at: 7s, for: 3500ms, fault: replace-node, with: n3, target: n4 }
  - { id: declined, at: 10500ms, for: 500ms, fault: transfer, to: n4, target: leader }
  - { id: down, at: 11s, for: 2500ms, fault: crash, target: follower }
  - { id: forced, at: 11500ms, for: 4500ms, fault: add-node, force: true, start: false, target: n5 }
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

const votersAfter = (id: string): string[] =>
  run.within(id, 'membership').findLast(({ stage }) => stage === 'final')!.voters.toSorted()

it('each is seen, and stays: nothing is undone', () => {
  for (const id of ['moved', 'kept', 'added', 'removed', 'replaced', 'forced']) {
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

/** Where a write can go unanswered although all is well: the office changes hands, or a process ends. */
const upsets = (): number[] =>
  run.events.flatMap((event) => ((event.kind === 'role' && event.role === 'leader') || event.kind === 'node-exited' ? [event.atNs] : []))

it('while members change no write fails without a reason, and the next one of its client is answered', () => {
  const [fromNs, toNs] = [run.event('moved', 'requested').atNs, run.event('down', 'requested').atNs]
  const writes = run.operations.filter(({ op, sentNs }) => op !== 'get' && sentNs >= fromNs)
  const under = writes.filter(({ settledNs }) => settledNs < toNs)
  expect(under.length).toBeGreaterThan(150)
  const unexplained = under
    .filter(({ outcome }) => outcome !== 'ok')
    .filter(({ client, sentNs, settledNs, error }) => {
      const isUpset = upsets().some((atNs) => atNs > sentNs - 1e9 && atNs < settledNs + 1e9)
      const next = writes.find((later) => later.client === client && later.sentNs >= settledNs)
      return !isUpset || error === undefined || next?.outcome !== 'ok'
    })
  expect(unexplained).toEqual([])
})

it('a voter that can not be reached, added while one is down, stops every commit until that one is back', () => {
  const [fromNs, toNs] = [run.event('forced', 'acknowledged').atNs + 100e6, run.event('down', 'undo-requested').atNs]
  const committed = run.samples.filter(({ atNs }) => atNs >= fromNs && atNs < toNs).map(({ commit }) => commit)
  expect(committed.length).toBeGreaterThan(5)
  expect(new Set(committed).size).toBe(1)
  const writes = run.operations.filter(({ op }) => op !== 'get')
  expect(writes.filter(({ sentNs, settledNs, outcome }) => sentNs >= fromNs && settledNs < toNs && outcome === 'ok')).toEqual([])
  // three of four: the one that was down makes the difference
  expect(votersAfter('forced')).toEqual(['n1', 'n2', 'n3', 'n5'])
  expect(writes.filter(({ sentNs, outcome }) => sentNs > run.event('forced', 'undone').atNs && outcome === 'ok').length).toBeGreaterThan(50)
})
