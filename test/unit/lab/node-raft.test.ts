import { describe, expect, it } from 'vitest'
import { parsePlan } from '@shared/plan/parse'
import { nodeRaft } from '../../../src-main/lab/cluster/node-raft'

const raftOf = (cluster: string, id: string) => nodeRaft(parsePlan(`faultline: 1\ntitle: T\ncluster: ${cluster}`).plan!.cluster, id)

describe('what a node is told of Raft', () => {
  it('is no priority where all are alike, a learner beside them included: leaders then never yield', () => {
    expect(raftOf('{ nodes: 3 }', 'n1')).not.toHaveProperty('priority')
    expect(raftOf('{ nodes: 3 }', 'n1')).not.toHaveProperty('peerPriorities')
    expect(raftOf('{ nodes: [{ id: a, priority: 5 }, { id: b, priority: 5 }, { id: c, learner: true }] }', 'a')).not.toHaveProperty('peerPriorities')
  })

  it('is its priority and that of the other voters where they differ', () => {
    const nodes = '{ nodes: [{ id: a, priority: 5 }, { id: b }, { id: c, learner: true }] }'
    expect(raftOf(nodes, 'a')).toMatchObject({ priority: 5, peerPriorities: { b: 100 } })
    expect(raftOf(nodes, 'b')).toMatchObject({ priority: 100, peerPriorities: { a: 5 } })
    expect(raftOf(nodes, 'c')).not.toHaveProperty('priority')
  })

  it('is what the plan says of timers, reads and snapshots', () => {
    const raft = '{ raft: { reads: lease, timers: { backoff: {} }, snapshot: { entries: never, age: 1m, keep: 7 } } }'
    expect(raftOf(raft, 'n1')).toMatchObject({
      reads: 'lease',
      timers: { kind: 'backoff', maxProbeMs: 1000 },
      snapshot: { entries: null, ageMs: 60_000, keptEntries: 7 },
    })
  })
})
