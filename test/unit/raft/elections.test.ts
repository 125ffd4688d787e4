/** Raft §5.1, §5.2 and §5.4.1, rule by rule on one core. */
import { describe, expect, it } from 'vitest'
import { ofType, Solo } from './solo'

const fiveVoters = ['n1', 'n2', 'n3', 'n4', 'n5']

describe('an election', () => {
  it('starts when the timeout passes without a leader: a higher term, a vote for itself, a request to each other', () => {
    const n1 = new Solo({ log: [1, 2], voters: fiveVoters })
    n1.pass(149)
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 2 })
    n1.pass(1)
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 3, vote: 'n1', leader: null })
    const requests = ofType(n1.settle().sent, 'vote')
    expect(requests.map(({ to }) => to)).toEqual(['n2', 'n3', 'n4', 'n5'])
    expect(requests[0]).toMatchObject({ term: 3, pre: false, lastIndex: 2, lastTerm: 2 })
  })

  it('draws its timeout anew each time, from the whole range', () => {
    const draws = [0, 0.5, 0.999]
    const n1 = new Solo({ raft: { random: () => draws.shift()! } })
    expect(n1.raft.nextTickMs()).toBe(150)
    n1.pass(150)
    expect(n1.raft.nextTickMs()).toBe(150 + 225)
    n1.pass(225)
    expect(n1.raft.nextTickMs()).toBeCloseTo(375 + 299.85)
  })

  it('is won by a majority, not before', () => {
    const n1 = new Solo({ voters: fiveVoters })
    n1.pass(150)
    n1.settle()
    n1.voteReply({ from: 'n2' })
    n1.voteReply({ from: 'n2' }) // the same voter again
    n1.voteReply({ from: 'n4', granted: false })
    expect(n1.raft.status().role).toBe('candidate')
    n1.voteReply({ from: 'n3' })
    expect(n1.raft.status()).toMatchObject({ role: 'leader', leader: 'n1', term: 1 })
  })

  it('does not count votes of an earlier term', () => {
    const n1 = new Solo()
    n1.pass(150)
    n1.settle()
    n1.pass(150)
    n1.settle()
    n1.voteReply({ term: 1 })
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 2 })
  })

  it('of one node alone is won as soon as its own vote is durable', () => {
    const n1 = new Solo({ voters: ['n1'], raft: { preVote: true, checkQuorum: true } })
    n1.pass(150)
    n1.take()
    expect(n1.raft.status().role).toBe('candidate')
    n1.persist()
    expect(n1.raft.status().role).toBe('leader')
  })

  it('ends when a leader of the same term appears', () => {
    const n1 = new Solo()
    n1.pass(150)
    n1.append({ from: 'n3', term: 1 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', leader: 'n3', term: 1, vote: 'n1' })
  })
})

describe('a vote', () => {
  it('is given once a term, and again to the same candidate', () => {
    const n1 = new Solo()
    n1.vote({ from: 'n2', term: 1 })
    n1.vote({ from: 'n3', term: 1 })
    n1.vote({ from: 'n2', term: 1 })
    const replies = ofType(n1.settle().sent, 'voteReply').map(({ to, granted }) => [to, granted])
    expect(replies).toEqual([['n2', true], ['n3', false], ['n2', true]])
  })

  it('is remembered across a restart', () => {
    const n1 = new Solo({ hardState: { term: 4, vote: 'n2' } })
    n1.vote({ from: 'n3', term: 4 })
    n1.vote({ from: 'n2', term: 4 })
    expect(ofType(n1.settle().sent, 'voteReply').map(({ granted }) => granted)).toEqual([false, true])
  })

  it.each([
    ['a shorter log of a later last term', { lastTerm: 3, lastIndex: 1 }, true],
    ['a longer log of an earlier last term', { lastTerm: 1, lastIndex: 9 }, false],
    ['the same last term and length', { lastTerm: 2, lastIndex: 3 }, true],
    ['the same last term and a shorter log', { lastTerm: 2, lastIndex: 2 }, false],
  ])('for %s compares the term before the index (election restriction)', (_, last, granted) => {
    const n1 = new Solo({ log: [1, 1, 2] })
    n1.vote({ term: 5, ...last })
    expect(ofType(n1.settle().sent, 'voteReply')).toMatchObject([{ granted, term: 5 }])
  })

  it('in an older term is refused, with the newer term', () => {
    const n1 = new Solo({ hardState: { term: 7, vote: null } })
    n1.vote({ term: 6 })
    expect(ofType(n1.settle().sent, 'voteReply')).toMatchObject([{ granted: false, term: 7 }])
  })
})

describe('a higher term', () => {
  it('is adopted, and the vote cleared, before the message is handled', () => {
    const n1 = new Solo({ hardState: { term: 3, vote: 'n3' } })
    n1.vote({ from: 'n2', term: 4 })
    expect(n1.raft.status()).toMatchObject({ term: 4, vote: 'n2' })
  })

  it('deposes a leader', () => {
    const n1 = new Solo()
    n1.win()
    n1.append({ from: 'n3', term: 2 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 2, leader: 'n3' })
    expect(n1.raft.propose([new Uint8Array(1)], n1.nowMs)).toEqual({ ok: false, reason: 'not-leader', leader: 'n3', term: 2 })
  })

  it('is told to a leader of an older one, whose append has no effect', () => {
    const n1 = new Solo({ hardState: { term: 3, vote: null } })
    n1.pass(100)
    n1.append({ term: 2, round: 9 })
    expect(ofType(n1.settle().sent, 'appendReply')).toMatchObject([{ accepted: false, term: 3, round: 0 }])
    expect(n1.raft.status().leader).toBe(null)
    expect(n1.raft.nextTickMs()).toBe(150)
  })
})

describe('the election timer', () => {
  const deadlineAfter = (act: (n1: Solo) => void): number => {
    const n1 = new Solo({ log: [1, 1], hardState: { term: 1, vote: null } })
    n1.pass(100)
    act(n1)
    return n1.raft.nextTickMs()
  }

  it('restarts at an append of the current leader and at a granted vote', () => {
    expect(deadlineAfter((n1) => n1.append({ term: 1 }))).toBe(250)
    expect(deadlineAfter((n1) => n1.append({ term: 1, prevIndex: 9, prevTerm: 1 }))).toBe(250)
    expect(deadlineAfter((n1) => n1.vote({ term: 2, lastTerm: 1, lastIndex: 2 }))).toBe(250)
  })

  it('restarts at nothing else: not at a refused vote of a higher term, a PreVote, or an append of an older leader', () => {
    expect(deadlineAfter((n1) => n1.vote({ term: 9, lastTerm: 1, lastIndex: 1 }))).toBe(150)
    expect(deadlineAfter((n1) => n1.vote({ term: 2, lastTerm: 1, lastIndex: 2, pre: true }))).toBe(150)
    expect(deadlineAfter((n1) => n1.append({ term: 0 }))).toBe(150)
    expect(deadlineAfter((n1) => n1.voteReply({ term: 9, granted: false }))).toBe(150)
    expect(deadlineAfter((n1) => n1.appendReply({ term: 9 }))).toBe(150)
  })
})
