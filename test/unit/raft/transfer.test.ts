/** Moving leadership on purpose (dissertation §3.10), and who should lead last. */
import { describe, expect, it } from 'vitest'
import { timeoutFactor, yieldTo } from '../../../src-main/raft/priority'
import { Cluster } from './cluster'
import { ofType, Solo } from './solo'

/** n1 leads term 1 of three; n2 has its no-op, n3 has answered but lacks it. */
function leading(options: ConstructorParameters<typeof Solo>[0] = {}): Solo {
  const n1 = new Solo(options)
  n1.win()
  n1.appendReply({ match: 1 })
  n1.appendReply({ from: 'n3', accepted: false, match: 0 })
  n1.settle()
  return n1
}

describe('a transfer', () => {
  it('tells a target that has everything to campaign at once', () => {
    const n1 = leading()
    expect(n1.raft.transfer('n2', n1.nowMs)).toEqual({ ok: true })
    const { sent, events } = n1.settle()
    expect(ofType(sent, 'timeoutNow')).toEqual([{ type: 'timeoutNow', from: 'n1', to: 'n2', term: 1 }])
    expect(events).toContainEqual({ kind: 'transfer', term: 1, to: 'n2', stage: 'begun' })
    expect(n1.raft.status().transferTo).toBe('n2')
  })

  it('brings the target up to date first, and takes no proposal meanwhile', () => {
    const n1 = leading()
    n1.raft.transfer('n3', n1.nowMs)
    expect(ofType(n1.settle().sent, 'timeoutNow')).toEqual([])
    expect(n1.raft.propose([new Uint8Array(1)], n1.nowMs)).toEqual({ ok: false, reason: 'transferring', leader: 'n3', term: 1 })
    n1.appendReply({ from: 'n3', match: 1 })
    expect(ofType(n1.settle().sent, 'timeoutNow')).toMatchObject([{ to: 'n3' }])
  })

  it('is given up after an election timeout, and the leader takes proposals again', () => {
    const n1 = leading()
    n1.raft.transfer('n2', n1.nowMs)
    n1.pass(149)
    expect(n1.raft.propose([new Uint8Array(1)], n1.nowMs)).toMatchObject({ reason: 'transferring' })
    n1.pass(1)
    expect(n1.settle().events).toContainEqual({ kind: 'transfer', term: 1, to: 'n2', stage: 'given-up' })
    expect(n1.raft.propose([new Uint8Array(1)], n1.nowMs)).toMatchObject({ ok: true })
  })

  it('repeats its request with each heartbeat, since one may be lost', () => {
    const n1 = leading()
    n1.raft.transfer('n2', n1.nowMs)
    n1.settle()
    n1.pass(50)
    expect(ofType(n1.settle().sent, 'timeoutNow')).toMatchObject([{ to: 'n2' }])
  })

  it('is done when the target leads, and was given up when another does', () => {
    for (const [from, stage] of [['n2', 'done'], ['n3', 'given-up']]) {
      const n1 = leading()
      n1.raft.transfer('n2', n1.nowMs)
      n1.append({ from: from!, term: 2, prevIndex: 1, prevTerm: 1 })
      expect(n1.settle().events).toContainEqual({ kind: 'transfer', term: 2, to: 'n2', stage })
    }
  })

  it('is refused to itself, to strangers, to the silent, twice, and by followers', () => {
    const n1 = leading()
    expect(n1.raft.transfer('n1', n1.nowMs)).toEqual({ ok: false, reason: 'self' })
    expect(n1.raft.transfer('n9', n1.nowMs)).toEqual({ ok: false, reason: 'not-a-voter' })
    n1.raft.transfer('n2', n1.nowMs)
    expect(n1.raft.transfer('n3', n1.nowMs)).toEqual({ ok: false, reason: 'busy' })
    n1.pass(150)
    expect(n1.raft.transfer('n3', n1.nowMs)).toEqual({ ok: false, reason: 'silent' })
    expect(new Solo().raft.transfer('n2', 0)).toMatchObject({ ok: false, reason: 'not-leader' })
  })
})

describe('a node told to campaign', () => {
  const both = { raft: { preVote: true, checkQuorum: true } }

  it('does so at once, without PreVote, and says who asked', () => {
    const n1 = new Solo(both)
    n1.append({ term: 1 })
    n1.settle()
    n1.receive({ type: 'timeoutNow', from: 'n2', to: 'n1', term: 1 })
    expect(ofType(n1.settle().sent, 'vote')).toMatchObject([{ pre: false, transfer: true, term: 2 }, { pre: false, transfer: true }])
  })

  it('ignores it from anybody but the leader of its term', () => {
    const n1 = new Solo(both)
    n1.append({ term: 3 })
    n1.settle()
    n1.receive({ type: 'timeoutNow', from: 'n3', to: 'n1', term: 3 })
    n1.receive({ type: 'timeoutNow', from: 'n2', to: 'n1', term: 2 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 3 })
  })

  it('gets votes of those that still hear the leader; others do not', () => {
    const n1 = new Solo(both)
    n1.append({ term: 1 })
    n1.settle()
    n1.vote({ from: 'n3', term: 2 })
    expect(n1.settle().sent).toEqual([])
    n1.vote({ from: 'n3', term: 2, transfer: true })
    expect(ofType(n1.settle().sent, 'voteReply')).toMatchObject([{ granted: true, term: 2 }])
  })
})

describe('in a cluster', () => {
  it('leadership moves in less than an election timeout, with nothing lost', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const cluster = new Cluster({ seed, nodes: 5 })
      const from = cluster.elect()
      const to = cluster.ids.find((id) => id !== from)!
      cluster.run(100)
      cluster.propose(from, 'before')
      cluster.raft(from).transfer(to, cluster.nowMs)
      cluster.pump(cluster.node(from))
      expect(cluster.run(150, () => cluster.raft(to).status().role === 'leader')).toBe(true)
      cluster.run(100)
      expect(cluster.node(from).events).toContainEqual(expect.objectContaining({ kind: 'transfer', stage: 'done' }))
    }
  })

  it('a node of priority 0 that had to lead hands over when it can', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const low = { n1: { priority: 0 } }
      const cluster = new Cluster({ seed, nodes: 3, raft: { peerPriorities: { n1: 0 } }, perNode: low })
      cluster.filter = (message) => message.type !== 'vote' || message.from === 'n1'
      expect(cluster.elect()).toBe('n1')
      cluster.filter = () => true
      cluster.run(2000)
      expect(cluster.leader()).not.toBe('n1')
    }
  })
})

describe('priority', () => {
  it('stretches timeouts up to twice', () => {
    expect([timeoutFactor(), timeoutFactor(100), timeoutFactor(50), timeoutFactor(0)]).toEqual([1, 1, 1.5, 2])
    expect(new Solo({ raft: { priority: 0 } }).raft.nextTickMs()).toBe(300)
  })

  it('yields to the highest above the own that is ready, and to nobody it knows nothing of', () => {
    const peerPriorities = { n2: 20, n3: 60 }
    expect(yieldTo({ priority: 10, peerPriorities }, ['n2', 'n3'])).toBe('n3')
    expect(yieldTo({ priority: 10, peerPriorities }, ['n2'])).toBe('n2')
    expect(yieldTo({ priority: 60, peerPriorities }, ['n2', 'n3'])).toBe(null)
    expect(yieldTo({ priority: 60, peerPriorities }, ['n4'])).toBe('n4')
    expect(yieldTo({ priority: 0 }, ['n2', 'n3'])).toBe(null)
  })
})
