/** Lease reads (dissertation §6.4.1): served without a round, and only while nobody else can have been elected. */
import { describe, expect, it } from 'vitest'
import { Cluster } from './cluster'
import { ofType, Solo } from './solo'

const lease = { driftPpm: 10_000 } // one part in a hundred, so that the bound is 150 × 0.99 / 1.01 = 147.03 ms
const raft = { checkQuorum: true, preVote: true, lease }

/** n1 leads term 1 of three, elected at 300 ms; a quorum echoed the round that began then. */
function leading(more = {}): Solo {
  const n1 = new Solo({ raft: { checkQuorum: true, lease, ...more } })
  n1.win()
  n1.appendReply({ match: 1 })
  n1.settle()
  return n1
}

describe('a lease read', () => {
  it('is served at once, at the commit index, without a message', () => {
    const n1 = leading()
    expect(n1.raft.readLease(7, n1.nowMs)).toEqual({ ok: true })
    const { reads, sent } = n1.settle()
    expect(reads).toEqual([{ read: 7, index: 1 }])
    expect(sent).toEqual([])
  })

  it('is refused when the shortest timeout, less what clocks may drift, has passed since the echoed round was sent', () => {
    const n1 = leading()
    const { nowMs } = n1
    expect(n1.raft.readLease(1, nowMs + 147)).toEqual({ ok: true })
    expect(n1.raft.readLease(2, nowMs + 147.1)).toEqual({ ok: false, reason: 'no-lease' })
  })

  it('counts from when the round was sent, not from when its echo came', () => {
    const n1 = leading()
    n1.pass(50)
    n1.settle()
    const { nowMs } = n1
    n1.nowMs += 90
    n1.appendReply({ match: 1, round: 2 })
    expect(n1.raft.readLease(1, nowMs + 148)).toEqual({ ok: false, reason: 'no-lease' })
  })

  it('is refused before something of the own term is committed, without the setting, without CheckQuorum, by followers', () => {
    const fresh = new Solo({ raft: { checkQuorum: true, lease } })
    fresh.win()
    expect(fresh.raft.readLease(1, fresh.nowMs)).toEqual({ ok: false, reason: 'no-lease' })
    for (const more of [{ lease: null }, { checkQuorum: false }]) {
      const n1 = leading(more)
      expect(n1.raft.readLease(1, n1.nowMs)).toEqual({ ok: false, reason: 'no-lease' })
    }
    expect(new Solo({ raft }).raft.readLease(1, 0)).toMatchObject({ reason: 'not-leader' })
  })

  it('is refused for the rest of a term in which somebody was asked to campaign', () => {
    const n1 = leading()
    n1.raft.transfer('n2', n1.nowMs)
    n1.settle()
    expect(n1.raft.readLease(1, n1.nowMs)).toEqual({ ok: false, reason: 'no-lease' })
    n1.pass(140)
    n1.settle()
    n1.appendReply({ match: 1, round: 2 })
    n1.pass(10)
    expect(n1.raft.status().transferTo).toBe(null)
    expect(n1.raft.readLease(1, n1.nowMs)).toEqual({ ok: false, reason: 'no-lease' })
  })
})

describe('a voter on whose silence a lease counts', () => {
  it('answers no campaign for the shortest timeout after its start: it may have promised that before', () => {
    const n1 = new Solo({ raft })
    n1.pass(149)
    n1.vote({ term: 5 })
    n1.vote({ term: 5, pre: true })
    expect(ofType(n1.settle().sent, 'voteReply').filter(({ granted }) => granted)).toEqual([])
    n1.nowMs += 1
    n1.vote({ term: 5 })
    expect(ofType(n1.settle().sent, 'voteReply')).toMatchObject([{ granted: true }])
  })

  it('keeps it through a higher term that it learned of meanwhile', () => {
    const n1 = new Solo({ raft })
    n1.pass(140)
    n1.append({ term: 1 })
    n1.voteReply({ pre: true, granted: false, term: 6 })
    expect(n1.raft.status()).toMatchObject({ term: 6, leader: null })
    n1.settle()
    n1.pass(100)
    n1.vote({ from: 'n3', term: 7 })
    expect(n1.settle().sent).toEqual([])
  })
})

it('no lease is held while another node leads, whatever is cut, paused or restarted', () => {
  let served = 0
  for (let seed = 1; seed <= 100; seed++) {
    const cluster = new Cluster({ seed, nodes: 3, raft, loss: 0.05, delayMs: [0, 30] })
    const { random } = cluster
    const ask = (): void => {
      for (const { id, raft: core, isPaused } of cluster.nodes.values()) {
        if (!core || isPaused) continue
        const asked = cluster.invariants.committed.length
        if (!core.readLease(0, cluster.nowMs).ok) continue
        served++
        if (core.status().commit < asked) throw new Error(`seed ${seed}: ${id} serves ${core.status().commit} of ${asked}`)
        cluster.propose(id, 'more')
      }
      cluster.agenda.after(7, ask)
    }
    const nemesis = (): void => {
      const id = cluster.ids[Math.floor(random() * 3)]!
      const kind = random()
      if (kind < 0.3 && cluster.node(id).raft) cluster.crash(id)
      else if (kind < 0.5) cluster.partition([id], cluster.ids.filter((other) => other !== id))
      else cluster.heal()
      for (const node of cluster.nodes.values()) if (!node.raft) cluster.start(node.id)
      if (random() < 0.2 && cluster.node(id).raft) cluster.ask(id, (core) => core.transfer('n1', cluster.nowMs))
      cluster.agenda.after(150 * random(), nemesis)
    }
    cluster.agenda.after(0, ask)
    cluster.agenda.after(300, nemesis)
    cluster.run(4000)
  }
  expect(served).toBeGreaterThan(1000)
})
