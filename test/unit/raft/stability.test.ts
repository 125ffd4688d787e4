/** PreVote and CheckQuorum (dissertation §9.6, §6.2): what keeps a cluster from deposing good leaders and keeping bad ones. */
import { describe, expect, it } from 'vitest'
import { ofType, Solo } from './solo'

const fiveVoters = ['n1', 'n2', 'n3', 'n4', 'n5']

describe('PreVote', () => {
  const preVote = { raft: { preVote: true } }

  it('asks for the next term without entering it, and writes nothing', () => {
    const n1 = new Solo(preVote)
    n1.pass(150)
    const ready = n1.take()
    expect(ready.persist).toBe(null)
    expect(ofType(ready.sendNow, 'vote')).toMatchObject([{ pre: true, term: 1 }, { pre: true, term: 1 }])
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 0, vote: null })
  })

  it('leads to the real election when a majority would vote', () => {
    const n1 = new Solo(preVote)
    n1.pass(150)
    n1.voteReply({ pre: true, term: 1 })
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 1, vote: 'n1' })
    n1.voteReply({ pre: true, from: 'n3', term: 1 }) // a late PreVote is no vote
    n1.settle()
    expect(n1.raft.status().role).toBe('candidate')
    n1.voteReply({ from: 'n3', term: 1 })
    expect(n1.raft.status().role).toBe('leader')
  })

  it('is refused by a voter that hears a leader, however good the log', () => {
    const n1 = new Solo({ ...preVote, log: [1] })
    n1.append({ from: 'n3', term: 1 })
    n1.settle()
    n1.pass(149)
    n1.vote({ pre: true, term: 2, lastTerm: 1, lastIndex: 9 })
    expect(ofType(n1.settle().sent, 'voteReply')).toMatchObject([{ pre: true, granted: false, term: 1 }])
  })

  it('is granted once the leader was silent for the shortest timeout, and promises nothing', () => {
    const n1 = new Solo({ ...preVote, log: [1], raft: { preVote: true, random: () => 0.9 } })
    n1.append({ from: 'n3', term: 1 })
    n1.settle()
    n1.pass(150)
    n1.vote({ pre: true, term: 2, lastTerm: 1, lastIndex: 1 })
    n1.vote({ pre: true, from: 'n3', term: 2, lastTerm: 1, lastIndex: 1 })
    const ready = n1.take()
    expect(ready.persist).toBe(null)
    expect(ofType(ready.sendNow, 'voteReply')).toMatchObject([{ granted: true, term: 2 }, { granted: true, term: 2 }])
    expect(n1.raft.status()).toMatchObject({ term: 1, vote: null })
  })

  it('of an outdated log is refused', () => {
    const n1 = new Solo({ ...preVote, log: [1, 2] })
    n1.vote({ pre: true, term: 9, lastTerm: 1, lastIndex: 9 })
    expect(ofType(n1.settle().sent, 'voteReply')).toMatchObject([{ granted: false, term: 2 }])
  })

  it('in an old term is refused with the newer term, so that a candidate left behind catches up', () => {
    const n1 = new Solo({ ...preVote, hardState: { term: 2, vote: null } })
    n1.pass(150)
    n1.voteReply({ pre: true, granted: false, term: 6 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 6, vote: null })
    n1.vote({ pre: true, term: 3 })
    expect(ofType(n1.settle().sent, 'voteReply')).toMatchObject([{ granted: false, term: 6 }])
  })

  it('does not count a grant of an earlier round', () => {
    const n1 = new Solo(preVote)
    n1.pass(150) // asks for term 1
    n1.voteReply({ pre: true, granted: false, term: 1 })
    n1.pass(150) // asks for term 2
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 1 })
    n1.voteReply({ pre: true, from: 'n3', term: 1 })
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 1, vote: null })
    n1.voteReply({ pre: true, from: 'n3', term: 2 })
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 2, vote: 'n1' })
  })

  it('ends when its node votes for another', () => {
    const n1 = new Solo({ ...preVote, hardState: { term: 1, vote: null } })
    n1.pass(150)
    n1.vote({ from: 'n2', term: 1 })
    n1.voteReply({ pre: true, from: 'n3', term: 2 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 1, vote: 'n2' })
  })

  it('gives up when a majority refuses, and tries again later', () => {
    const n1 = new Solo({ ...preVote })
    n1.pass(150)
    n1.voteReply({ pre: true, granted: false, term: 0 })
    n1.voteReply({ pre: true, granted: false, term: 0, from: 'n3' })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 0 })
    n1.pass(150)
    expect(n1.raft.status().role).toBe('candidate')
  })
})

describe('CheckQuorum', () => {
  it('ends a leadership that no quorum answered for an election timeout, and says so', () => {
    const n1 = new Solo({ voters: fiveVoters, raft: { checkQuorum: true } })
    n1.win()
    for (let i = 0; i < 5; i++) {
      n1.pass(50)
      n1.appendReply({ from: 'n2' }) // one of four is no quorum
      n1.settle()
    }
    n1.pass(49)
    expect(n1.raft.status().role).toBe('leader')
    expect(n1.raft.nextTickMs()).toBe(n1.nowMs + 1)
    n1.pass(1)
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 1, leader: null })
    const events = n1.settle().events
    expect(events).toContainEqual({ kind: 'quorumLost', term: 1 })
    expect(n1.raft.nextTickMs()).toBe(n1.nowMs + 150)
  })

  it('keeps a leader that a quorum answers', () => {
    const n1 = new Solo({ raft: { checkQuorum: true } })
    n1.win()
    for (let i = 0; i < 20; i++) {
      n1.pass(50)
      n1.appendReply({ from: 'n3', match: 0 })
      n1.settle()
    }
    expect(n1.raft.status().role).toBe('leader')
  })

  it('keeps a voter that hears a leader from campaigns of higher terms, their term too', () => {
    const n1 = new Solo({ raft: { checkQuorum: true } })
    n1.append({ from: 'n3', term: 1 })
    n1.settle()
    n1.pass(100)
    n1.vote({ from: 'n2', term: 5, lastTerm: 1, lastIndex: 9 })
    expect(n1.settle().sent).toEqual([])
    expect(n1.raft.status()).toMatchObject({ term: 1, leader: 'n3' })
  })

  it('ends a leadership before anything is served after a pause', () => {
    for (const act of ['propose', 'readIndex', 'receive'] as const) {
      const n1 = new Solo({ raft: { checkQuorum: true } })
      n1.win()
      n1.nowMs += 10_000
      const refused = { ok: false, reason: 'not-leader', leader: null }
      if (act === 'propose') expect(n1.raft.propose([new Uint8Array(1)], n1.nowMs)).toMatchObject(refused)
      if (act === 'readIndex') expect(n1.raft.readIndex(1, n1.nowMs)).toMatchObject(refused)
      if (act === 'receive') n1.appendReply({ match: 1 })
      expect(n1.raft.status()).toMatchObject({ role: 'follower', commit: 0 })
    }
  })
})
