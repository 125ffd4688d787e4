import { describe, expect, it } from 'vitest'
import type { RunEvent } from '@shared/run/event'
import { judge } from '../../../src-main/lab/judge/judge'
import { REFUSED, atNs, crash, fault, load, plan, records, role } from './run'

const timeline = (parts: Parameters<typeof records>[0], more: Parameters<typeof plan>[0] = {}) =>
  judge(records(parts), plan(more)).timeline
const texts = (events: RunEvent[]) =>
  timeline({ events })
    .log.map(({ text }) => text)
    .slice(5) // after five started nodes

it('starts at load start and ends with the load, in phases as planned', () => {
  expect(timeline({})).toMatchObject({
    fromMs: 0,
    toMs: 50_000,
    phases: [
      { phase: 'warmup', fromMs: 0, toMs: 5_000 },
      { phase: 'baseline', fromMs: 5_000, toMs: 15_000 },
      { phase: 'faults', fromMs: 15_000, toMs: 35_000 },
      { phase: 'recovery', fromMs: 35_000, toMs: 50_000 },
    ],
  })
})

it('a fault has its plan as outline and its effect as fill', () => {
  const events = fault('a', { requested: 17_000, acknowledged: 17_010, observed: 17_030, undone: 22_100 })
  const built = timeline({ events }, { timeline: [crash('a', 2_000), crash('b', 10_000, null)] })
  expect(built.faults).toEqual([
    { id: 'a', fault: 'crash', family: 'process', targets: ['n1'], planned: [17_000, 22_000], effective: [17_010, 22_100] },
    { id: 'b', fault: 'crash', family: 'process', targets: ['leader'], planned: [25_000, 35_000], effective: null },
  ])
})

describe('bins', () => {
  it('add up to all requests, each in the bin of its intended time', () => {
    const { bins } = timeline({ operations: load((_, ms) => (ms >= 20_000 && ms < 20_050 ? REFUSED : {})) })
    const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0)
    // 50 s in at most 600 bins: 100 ms
    expect([bins.widthMs, bins.startMs.length]).toEqual([100, 500])
    expect([sum(bins.ok), sum(bins.fail), sum(bins.unknown)]).toEqual([4_995, 5, 0])
    expect([bins.startMs[200], bins.ok[200], bins.fail[200]]).toEqual([20_000, 5, 5])
  })

  it('availability looks back over its stated window', () => {
    const built = timeline({ operations: load((_, ms) => (ms >= 20_000 && ms < 20_050 ? REFUSED : {})) })
    expect(built.availabilityWindowMs).toBe(1_000)
    // 5 bad of the 100 in [19 100, 20 100) … [20 000, 21 000)
    expect([199, 200, 209, 210].map((bin) => built.bins.availability[bin])).toEqual([1, 0.95, 0.95, 1])
  })

  it('where nothing was asked there is no value, not zero', () => {
    const { bins } = timeline({ operations: load((_, ms) => (ms >= 20_000 && ms < 22_000 ? null : {})) })
    expect([bins.ok[205], bins.p50[205], bins.max[205]]).toEqual([0, null, null])
    expect([bins.availability[205], bins.availability[215]]).toEqual([1, null])
  })

  it('are never more than 600', () => {
    const phases = { warmupMs: 0, baselineMs: 600_000, faultsMs: 0, recoveryMs: 0 }
    const { bins } = timeline({ operations: load(() => ({}), 600_000), closing: { endedNs: atNs(601_000) } }, { phases })
    expect([bins.widthMs, bins.startMs.length]).toEqual([1_000, 600])
  })
})

describe('the log', () => {
  it('says in plain English what happened', () => {
    expect(
      texts([
        role(-500, 'n1', 'leader', 1, 'n1'),
        { kind: 'load-start', atNs: atNs(0) },
        { kind: 'phase', atNs: atNs(0), phase: 'warmup' },
        ...fault('crash-1', { observed: 17_000 }),
        { kind: 'node-exited', atNs: atNs(17_001), node: 'n1', pid: 9, code: null, signal: 'SIGKILL', expected: true },
        { kind: 'campaign', atNs: atNs(17_200), node: 'n2', term: 2, pre: true },
        role(17_300, 'n3', 'follower', 2, 'n2'),
        { kind: 'truncated', atNs: atNs(18_000), node: 'n1', fromIndex: 7, toIndex: 9, term: 2 },
        { kind: 'guard', atNs: atNs(19_000), when: 'availability < 20% for 20s', observed: 0.125 },
        { kind: 'cleanup', atNs: atNs(51_000), what: 'toxics removed', ok: false, detail: 'Toxiproxy hangs.' },
      ]),
    ).toEqual([
      'n1 is elected leader of term 1.',
      'Load begins: 100 requests a second.',
      'Phase warmup begins.',
      'Crash crash-1 is seen to act on n1.',
      'n1 ended by SIGKILL.',
      'n2 asks whether it could win term 2 (PreVote).',
      'n3 follows n2 in term 2.',
      'n1 gives up its uncommitted entries 7 to 9 for the log of term 2.',
      'Guard "availability < 20% for 20s" acts (observed 12.5 %).',
      'Clean-up: toxics removed: FAILED (Toxiproxy hangs).',
    ])
  })

  it('says what the cores noticed and did', () => {
    const sets = { voters: ['n1', 'n2', 'n3'], outgoing: [], learners: ['n4'] }
    const changed = { ...sets, voters: ['n1', 'n2', 'n3', 'n4'], outgoing: sets.voters, learners: [] }
    expect(
      texts([
        { kind: 'suspected', atNs: atNs(1), node: 'n2', term: 1, leader: 'n1', silentMs: 160.4 },
        { kind: 'checked', atNs: atNs(2), node: 'n2', term: 1, leader: 'n1', isGone: true, silentMs: 165 },
        { kind: 'timeout-changed', atNs: atNs(3), node: 'n2', fromMs: 150, toMs: 406.2, reason: 'link to n1: 8.9 ± 7.9 ms' },
        { kind: 'transfer', atNs: atNs(4), node: 'n1', term: 1, to: 'n2', stage: 'given-up' },
        { kind: 'membership', atNs: atNs(5), node: 'n3', term: 1, index: 7, stage: 'learner', ...sets },
        { kind: 'membership', atNs: atNs(6), node: 'n3', term: 1, index: 9, stage: 'joint', ...changed },
        { kind: 'disk-stalled', atNs: atNs(7), node: 'n1', term: 1, silentMs: 300, wasLeader: true },
        { kind: 'snapshot', atNs: atNs(8), node: 'n1', index: 50, what: 'changes' },
        { kind: 'snapshot', atNs: atNs(9), node: 'n4', index: 50, what: 'installed' },
      ]),
    ).toEqual([
      'n2 suspects leader n1: it has been silent for 160 ms.',
      'n2 has asked the others about leader n1: a majority does not hear it either.',
      'n2 waits longer for a leader, 406 ms instead of 150 ms at least (link to n1: 8.9 ± 7.9 ms).',
      'n1 leads on in term 1: n2 did not take over in time.',
      'n3 has a learner more from entry 7 on: votes of n1, n2 and n3 count; n4 without a vote.',
      'n3 is between two sets of members from entry 9 on: a majority of n1, n2 and n3 and one of n1, n2, n3 and n4 decide together.',
      'n1 steps down until its disk answers: a write has taken 300 ms so far.',
      'n1 has made a snapshot up to entry 50 (what changed since the last).',
      "n4 stands at entry 50 by its leader's snapshot.",
    ])
  })

  it('is bounded, and loses chatter before it loses what the lab did', () => {
    const chatter = Array.from({ length: 3_000 }, (_, i) => role(10_000 + i, 'n2', i % 2 ? 'candidate' : 'follower', i))
    const restless = chatter.map((_, i): RunEvent => ({ kind: 'timeout-changed', atNs: atNs(10_000 + i), node: 'n3', fromMs: 150, toMs: 300, reason: 'link to n1' }))
    const events = [...chatter, ...restless].toSorted((x, y) => x.atNs - y.atNs)
    const built = timeline({ events: [...events, ...fault('a', { requested: 17_000, observed: 17_001 })] })
    expect(built.log).toHaveLength(1_000)
    expect(built.log.filter(({ kind }) => kind === 'fault')).toHaveLength(2)
    expect(built.log.map(({ atMs }) => atMs)).toEqual(built.log.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
  })
})
