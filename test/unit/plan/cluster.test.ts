/** What a plan can say about its cluster: who votes, who leads last, how timers adapt, when snapshots are made. */
import { parseDocument } from 'yaml'
import { describe, expect, it } from 'vitest'
import { worstMoments } from '@shared/plan/blast-radius'
import { expand } from '@shared/plan/expand'
import { duration, integer, orNever } from '@shared/plan/field'
import { drawTarget, symbolicView, targetStream } from '@shared/plan/draw'
import { learnersOf, nodesOut, votersOf } from '@shared/plan/outage'
import { parsePlan } from '@shared/plan/parse'
import { longestElectionTimeoutMs } from '@shared/plan/phases'
import type { Plan } from '@shared/plan/plan'
import { seededRandom } from '@shared/stats/random'

function read(cluster: string, rest = ''): Plan {
  const { plan, problems } = parsePlan(`faultline: 1\ntitle: T\ncluster: ${cluster}\nexpect: [{ metric: lost_writes, is: "== 0" }]\n${rest}`)
  expect(problems).toEqual([])
  return plan!
}
const raftOf = (raft: string): Plan['cluster']['raft'] => read(`{ raft: { ${raft} } }`).cluster.raft

/** Three voters, and two learners between and behind them. */
const MIXED = '{ nodes: [{ id: a }, { id: b, learner: true }, { id: c, priority: 20 }, { id: d, learner: false }, { id: e, learner: true }] }'
const LINES = 'timeline:\n  - { id: f, at: 1s, for: 1s, '

describe('nodes', () => {
  it('all vote and are alike where nothing is said', () => {
    expect(read('{ nodes: 2 }').cluster.nodes).toEqual([{ id: 'n1', priority: 100, learner: false, zone: null, spare: false }, { id: 'n2', priority: 100, learner: false, zone: null, spare: false }])
  })

  it('have a priority, or no vote', () => {
    const { nodes } = read(MIXED).cluster
    expect(nodes[2]).toEqual({ id: 'c', priority: 20, learner: false, zone: null, spare: false })
    expect(votersOf(nodes)).toEqual(['a', 'c', 'd'])
    expect(learnersOf(nodes)).toEqual(['b', 'e'])
  })
})

describe('timers', () => {
  it.each([
    ['timers: fixed', { kind: 'fixed' }],
    ['preVote: true', { kind: 'fixed' }],
    ['timers: { backoff: {} }', { kind: 'backoff', maxProbeMs: 1000 }],
    ['timers: { backoff: { maxProbe: 300ms } }', { kind: 'backoff', maxProbeMs: 300 }],
    ['timers: { adaptive: }', { kind: 'adaptive', floorMs: 100, ceilingMs: 1000 }],
    ['timers: { adaptive: { floor: 200ms, ceiling: 1500ms } }', { kind: 'adaptive', floorMs: 200, ceilingMs: 1500 }],
  ])('%s', (text, timers) => expect(raftOf(text).timers).toEqual(timers))

  it('that adapt may wait up to their ceiling, and recovery is held for three of these', () => {
    expect(longestElectionTimeoutMs(raftOf('timers: { adaptive: { ceiling: 1800ms } }'))).toBe(1800)
    expect(longestElectionTimeoutMs(raftOf('electionTimeout: [1s, 1900ms], timers: { adaptive: {} }'))).toBe(1900)
    const text = 'faultline: 1\ntitle: T\ncluster: { raft: { requestTimeout: 5s, timers: { adaptive: { ceiling: 3s } } } }\nphases: { recovery: 8s }\n'
    const { problems } = parsePlan(`${text}timeline: [{ id: f, at: 1s, for: 1s, fault: crash, target: leader }]`)
    expect(problems).toContainEqual(expect.objectContaining({ severity: 'error', path: 'phases.recovery', suggestion: '11s' }))
  })
})

describe('snapshots', () => {
  it.each([
    ['reads: local', { entries: 10_000, ageMs: null, keptEntries: 5000, chainMax: 8 }],
    ['snapshot: { entries: 500, age: 5m, keep: 0, chainMax: 1 }', { entries: 500, ageMs: 300_000, keptEntries: 0, chainMax: 1 }],
    ['snapshot: { entries: never, age: never }', { entries: null, ageMs: null, keptEntries: 5000, chainMax: 8 }],
  ])('%s', (text, snapshot) => expect(raftOf(text).snapshot).toEqual(snapshot))

  it('reads by lease are a consistency of reads', () => expect(raftOf('reads: lease').reads).toBe('lease'))

  it.each([
    [orNever(integer({ help: '', min: 1, max: 1e6 })), [1, 1000, null]],
    [orNever(duration({ help: '', min: 1, max: 1e6 })), [250, 60_000, null]],
  ])('a limit or never is written as it is read', (field, values) => {
    for (const value of values) expect(field.read(parseDocument(field.format(value)).contents as never)).toEqual({ ok: true, value })
  })
})

describe('a node without a vote', () => {
  it('counts in no quorum: not in the radius by default, not when it is out', () => {
    const plan = read(MIXED, `${LINES}fault: crash, target: b }\n`)
    expect(plan.blastRadius.nodes).toBe(1)
    expect(worstMoments(plan).map((moment) => moment.out)).toEqual([0])
    expect(worstMoments(read(MIXED, `blastRadius: { allowQuorumLoss: true }\n${LINES}fault: crash, target: all }\n`))[0]!.out).toBe(3)
  })

  it.each(['leader', 'follower', 'minority', 'majority'])('is no %s', (target) => {
    const plan = read(MIXED, `blastRadius: { allowQuorumLoss: true }\n${LINES}fault: crash, target: ${target} }\n`)
    const ids = plan.cluster.nodes.map((node) => node.id)
    for (let seed = 0; seed < 50; seed++) {
      const view = { ids, leader: 'c', followers: ['a', 'd'], learners: ['b', 'e'] }
      const { nodes } = drawTarget(plan.timeline[0]!, view, seededRandom(seed, targetStream('f')))
      expect(nodes).toHaveLength(target === 'majority' ? 2 : 1)
      expect(['a', 'c', 'd']).toEqual(expect.arrayContaining(nodes))
    }
  })

  it('has links that are cut with everybody else\'s, under its own name in a dry run', () => {
    const plan = read(MIXED, `${LINES}fault: partition, mode: drop, target: "leader->*" }\n`)
    const [fault] = expand(plan, 1).schedule
    const proxies = fault!.calls.map((call) => call.path.split('/')[2])
    expect(proxies).toEqual(['leader-follower#1', 'leader-follower#2', 'leader-b', 'leader-e'])
    const view = symbolicView(['a', 'b', 'c'], ['b'])
    const drawn = drawTarget(plan.timeline[0]!, view, seededRandom(1, targetStream('f')))
    expect(nodesOut([{ fault: plan.timeline[0]!, drawn }], ['leader', 'follower#1'])).toEqual(['follower#1'])
  })
})
