/** A disk that hangs must not keep a leader in office (hashicorp/raft#503, etcd#13527). */
import { describe, expect, it } from 'vitest'
import { Cluster } from './cluster'
import { Solo } from './solo'

/** n1 leads and has one write under way. */
function waiting(): Solo {
  const n1 = new Solo()
  n1.win()
  n1.appendReply({ match: 1 })
  n1.settle()
  n1.raft.propose([new Uint8Array(1)], n1.nowMs)
  n1.take()
  return n1
}

describe('a leader whose disk hangs', () => {
  it('steps down when a write takes longer than an election timeout, and says so', () => {
    const n1 = waiting()
    n1.pass(300)
    expect(n1.raft.status().role).toBe('leader')
    n1.pass(1)
    expect(n1.raft.status()).toMatchObject({ role: 'follower', isDiskStalled: true })
    expect(n1.take().events).toContainEqual({ kind: 'diskStalled', term: 1, silentMs: 301, wasLeader: true })
  })

  it('does not campaign until its disk answers', () => {
    const n1 = waiting()
    n1.pass(301)
    n1.pass(5000)
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 1 })
    n1.persist()
    expect(n1.raft.status().isDiskStalled).toBe(false)
    n1.pass(5000)
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 2 })
  })

  it('stays as long as its disk makes progress, and as long as it wants with nothing to write', () => {
    const n1 = waiting()
    for (let i = 0; i < 10; i++) {
      n1.pass(200)
      n1.raft.propose([new Uint8Array(1)], n1.nowMs)
      n1.persist()
      n1.take()
    }
    n1.persist()
    n1.pass(10_000)
    expect(n1.raft.status().role).toBe('leader')
  })
})

it('a cluster whose leader’s disk hangs has another leader that commits, soon', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const cluster = new Cluster({ seed, nodes: 3 })
    const first = cluster.elect()
    cluster.hangDisk(first)
    cluster.propose(first, 'hangs')
    expect(cluster.run(1500, () => ![first, null].includes(cluster.leader()))).toBe(true)
    const next = cluster.elect()
    const { commit } = cluster.raft(next).status()
    cluster.propose(next, 'goes on')
    expect(cluster.run(300, () => cluster.raft(next).status().commit > commit)).toBe(true)
    cluster.run(2000)
    expect(cluster.leader()).toBe(next)
  }
})
