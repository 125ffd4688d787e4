import { describe, expect, it } from 'vitest'
import { liveMetricNames } from '@shared/plan/live-condition'
import type { NodeSample } from '@shared/run/event'
import { freshNode, type NodeProcess, remember } from '../../../src-main/lab/cluster/node-process'
import { Leaders } from '../../../src-main/lab/conduct/leaders'
import { type Moment, readings } from '../../../src-main/lab/conduct/readings'
import { LoadWindow } from '../../../src-main/lab/conduct/window'

const MS = 1e6
const NOW_NS = 10_000 * MS

function node(id: string, state: NodeProcess['state'], samples: Partial<NodeSample>[]): NodeProcess {
  const made: NodeProcess = { ...freshNode(id, { http: 1, peer: 2, client: 3 }, true), state }
  made.lives.started(0)
  for (const sample of samples) remember(made, { node: id, commit: 0, pending: 0, fsyncMsMax: 0, loopLagMsMax: 0, ...sample } as NodeSample)
  return made
}

/** n1 leads; n2 reports 50 ms earlier and lags; n3 has stood still for 3 s; n4 is down; n5 was never started. */
function frame(): Moment {
  const load = new LoadWindow()
  const settled = { intended_ns: 0, censored: false }
  const ok = Array.from({ length: 99 }, (_, index) => ({ ...settled, outcome: 'ok', settled_ns: (index + 1) * MS }) as never)
  load.add([...ok, { ...settled, outcome: 'fail', settled_ns: 500 * MS } as never], { inFlight: 12, overdue: 10 })
  load.turn(0)
  return {
    nowNs: NOW_NS,
    load: load.now(),
    nodes: [
      node('n1', 'running', [
        { atNs: NOW_NS - 1_200 * MS, commit: 30, fsyncMsMax: 90, loopLagMsMax: 80 },
        { atNs: NOW_NS - 210 * MS, commit: 40, fsyncMsMax: 7 },
        { atNs: NOW_NS - 10 * MS, commit: 60, pending: 5, fsyncMsMax: 3, loopLagMsMax: 4 },
      ]),
      node('n2', 'running', [{ atNs: NOW_NS - 60 * MS, commit: 38, pending: 7, loopLagMsMax: 21 }]),
      node('n3', 'paused', [{ atNs: NOW_NS - 3_000 * MS, commit: 10, pending: 99, fsyncMsMax: 400 }]),
      node('n4', 'down', [{ atNs: NOW_NS - 500 * MS, commit: 0 }]),
      freshNode('n5', { http: 1, peer: 2, client: 3 }, true),
    ],
    electedNs: [1, 2],
    lastAckNs: NOW_NS - 340 * MS,
  }
}

const value = (metric: (typeof liveMetricNames)[number], change: Partial<Moment> = {}) => readings[metric]({ ...frame(), ...change })

describe('what a guard or a fault that waits can read', () => {
  it.each([
    ['availability', 99 / 110], // those in flight for more than a second count
    ['latency.p50', 50],
    ['latency.p99', 99],
    ['rate', 100],
    ['in_flight', 12],
    ['overdue', 10],
    ['queue', 7], // of nodes that run
    ['commit_lag', 50], // the paused one against the newest
    ['fsync', 7], // of the last second
    ['loop_lag', 21],
    ['leaderless', 340],
    ['elections', 2],
    ['nodes_down', 1], // one that was never started is not missed
  ] as const)('%s', (metric, expected) => {
    expect(value(metric)).toBeCloseTo(expected, 6)
  })

  it('is nothing else: every metric of the plan language is read above', () => {
    expect(Object.keys(readings).toSorted()).toEqual(liveMetricNames.toSorted())
  })

  it('compares a node that runs with what was committed when it reported', () => {
    const nodes = frame().nodes.slice(0, 2)
    expect(value('commit_lag', { nodes })).toBe(2)
  })

  it('has no value where nothing was reported', () => {
    const none = { nodes: [freshNode('n1', { http: 1, peer: 2, client: 3 }, true)], lastAckNs: null, load: new LoadWindow().now() }
    for (const metric of ['availability', 'latency.p50', 'latency.p99', 'queue', 'commit_lag', 'fsync', 'loop_lag', 'leaderless'] as const) {
      expect(value(metric, none)).toBeNull()
    }
  })
})

describe('leaders', () => {
  it('are counted once a term, and the last acknowledgement stays though its node starts anew', () => {
    const leaders = new Leaders()
    const role = (atNs: number, term: number, as: 'leader' | 'follower') => leaders.hear({ kind: 'role', atNs, node: 'n1', role: as, term, leader: null })
    role(10, 1, 'leader')
    role(20, 1, 'leader')
    role(30, 2, 'follower')
    role(40, 2, 'leader')
    leaders.acknowledged({ node: 'n1', term: 2, sentNs: 1, atNs: 50 })
    leaders.acknowledged({ node: 'n2', term: 1, sentNs: 1, atNs: 45 })
    expect(leaders.electedSince(0)).toEqual([10, 40])
    expect(leaders.electedSince(11)).toEqual([40])
    expect(leaders.lastAckNs).toBe(50)
  })
})
