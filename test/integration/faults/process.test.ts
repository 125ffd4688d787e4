/** Faults on processes: what they do to real ones is measured from their exits, starts and first service. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Desk } from '../lab/command-line'
import { perform, type Performed } from './performed'

const PLAN = `
faultline: 1
title: processes end and come back
cluster: { nodes: 3, raft: { heartbeat: 50ms, electionTimeout: [300ms, 600ms] } }
load: { rate: 50/s, keys: 20 }
phases: { warmup: 0s, baseline: 1s, faults: 15s, recovery: 7s }
timeline:
  - { id: crash, at: 0s, for: 2s, fault: crash, restart: 500ms, target: n1 }
  - { id: restart, at: 2500ms, for: 2s, fault: restart, down: 600ms, target: n2 }
  - { id: loop, at: 5s, for: 2500ms, fault: crash-loop, period: 1s, up: 700ms, target: n3 }
  - { id: slow, at: 8s, for: 2500ms, fault: slow-start, delay: 1200ms, target: n1 }
  - { id: rolling, at: 11s, for: 4s, fault: rolling-restart, down: 200ms, pause: 100ms, target: all }
expect:
  - { metric: lost_writes, is: "== 0" }
  - { metric: linearizable, is: "ok" }
`

let desk: Desk
let run: Performed
beforeAll(async () => {
  desk = new Desk()
  run = await perform(desk, PLAN)
})
afterAll(() => desk.close())

const ALL_STAGES = ['requested', 'acknowledged', 'observed', 'measured', 'undo-requested', 'undone', 'observed-gone']

it('all of them show and are gone, nothing acknowledged is lost, nothing is left', () => {
  expect(run.report).toMatchObject({ end: 'COMPLETED', verdict: 'HELD' })
  for (const id of ['crash', 'restart', 'loop', 'slow', 'rolling']) expect([id, ...run.stages(id)]).toEqual([id, ...ALL_STAGES])
  expect(run.report.cleanup.done).toBe(run.report.cleanup.of)
  expect(run.events.filter((event) => event.kind === 'node-exited' && !event.expected)).toEqual([])
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})

describe('measured from exit to start:', () => {
  it.each([
    ['crash', 500, 1],
    ['restart', 600, 1],
    ['rolling', 200, 3],
  ])('%s is down as long as asked', (id, askedMs, n) => {
    const size = run.size(id)
    expect(size).toMatchObject({ what: 'time without a process', asked: askedMs, n, unit: 'ms' })
    // timers here are kept within some ms; a busy machine is late, never early
    expect(size.seen).toBeGreaterThanOrEqual(askedMs - 25)
    expect(size.seen).toBeLessThan(askedMs + 500)
  })

  it('a crash ends by SIGKILL, a restart in good order with code 0', () => {
    expect(run.within('crash', 'node-exited').map(({ node, signal }) => [node, signal])).toEqual([['n1', 'SIGKILL']])
    expect(run.within('restart', 'node-exited').map(({ node, code, signal }) => [node, code, signal])).toEqual([['n2', 0, null]])
  })

  it('a crash loop kills once a period, and lets the process be in between', () => {
    const kills = run.within('loop', 'node-exited')
    expect(kills.map(({ node, signal }) => [node, signal])).toEqual([['n3', 'SIGKILL'], ['n3', 'SIGKILL'], ['n3', 'SIGKILL']])
    const size = run.size('loop')
    expect(size).toMatchObject({ asked: 700, n: 2 })
    expect(Math.abs(size.seen - 700)).toBeLessThan(250)
  })

  it('a slow start serves that much later than other starts of the node, and the next one is as fast as before', () => {
    const size = run.size('slow')
    expect(size).toMatchObject({ what: 'start longer than before', asked: 1200, n: 1, unit: 'ms' })
    expect(Math.abs(size.seen - 1200)).toBeLessThan(500) // the start itself takes longer at times
    expect(startMs('slow', 'n1')).toBeGreaterThanOrEqual(1200)
    // restarted once more, when the fault was over
    expect(startMs('rolling', 'n1')).toBeLessThan(1200)
  })

  it('a rolling restart takes one node after the other, each only once the last one is back and caught up', () => {
    const steps = run.events.flatMap((event) => (event.kind === 'node-exited' || event.kind === 'node-ready' ? [event] : []))
    const [from, to] = [run.event('rolling', 'requested').atNs, run.event('rolling', 'undone').atNs]
    expect(steps.filter(({ atNs }) => atNs >= from && atNs <= to).map(({ kind, node }) => `${node} ${kind}`)).toEqual(
      ['n1', 'n2', 'n3'].flatMap((node) => [`${node} node-exited`, `${node} node-ready`]),
    )
    for (const next of ['n2', 'n3']) {
      const exit = run.within('rolling', 'node-exited').find(({ node }) => node === next)!
      const before = next === 'n2' ? 'n1' : 'n2'
      const ready = run.within('rolling', 'node-ready').find(({ node }) => node === before)!
      const committed = run.samples.filter(({ atNs }) => atNs <= ready.atNs).reduce((most, { commit }) => Math.max(most, commit), 0)
      const applied = run.samples.filter(({ node, atNs }) => node === before && atNs > ready.atNs && atNs <= exit.atNs).at(-1)!.applied
      expect(applied).toBeGreaterThanOrEqual(committed)
    }
  })
})

/** From the start of the node's process within a fault until it served. */
function startMs(id: string, node: string): number {
  const [started, ready] = [run.within(id, 'node-started'), run.within(id, 'node-ready')].map((all) => all.findLast((event) => event.node === node)!.atNs)
  return (ready! - started!) / 1e6
}

it('what was called is what the dry run said', () => {
  expect(run.calls('crash').map(({ method, path, after_ms }) => [method, path, after_ms])).toEqual([['SIGNAL', 'n1', undefined], ['START', 'n1', 500]])
})
