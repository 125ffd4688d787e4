/** Persist before promising (Raft §5, fig. 2): what leaves before the disk has it promises nothing. */
import { describe, expect, it } from 'vitest'
import { BrokenInvariant } from '../../../src-main/raft/invariant'
import { logOf, ofType, Solo } from './solo'

describe('what waits for the disk', () => {
  it('is a vote: the reply goes with the write that holds it', () => {
    const n1 = new Solo()
    n1.vote({ term: 3 })
    const ready = n1.take()
    expect(ready.persist).toMatchObject({ hardState: { term: 3, vote: 'n2' }, entries: [] })
    expect(ready.sendNow).toEqual([])
    expect(ofType(ready.sendAfterPersist, 'voteReply')).toMatchObject([{ granted: true, term: 3 }])
  })

  it('is the request for votes, and the own vote does not count before', () => {
    const n1 = new Solo()
    n1.pass(150)
    const ready = n1.take()
    expect(ready.sendNow).toEqual([])
    expect(ready.sendAfterPersist.length).toBe(2)
    n1.voteReply({})
    expect(n1.raft.status().role).toBe('candidate')
    n1.persist()
    expect(n1.raft.status().role).toBe('leader')
  })

  it('is the acceptance of entries, but not the echo of a heartbeat, which names only what is durable', () => {
    const n1 = new Solo({ log: [1] })
    n1.append({ term: 1, prevIndex: 1, prevTerm: 1, entries: logOf([1], 2) })
    const first = n1.take()
    expect(first.sendNow).toEqual([])
    expect(ofType(first.sendAfterPersist, 'appendReply')).toMatchObject([{ accepted: true, match: 2 }])
    n1.append({ term: 1, prevIndex: 2, prevTerm: 1, round: 5 })
    const second = n1.take()
    expect(second.persist).toBe(null)
    expect(ofType(second.sendNow, 'appendReply')).toMatchObject([{ accepted: true, match: 1, round: 5 }])
    n1.persist()
    n1.append({ term: 1, prevIndex: 2, prevTerm: 1, round: 6 })
    expect(ofType(n1.take().sendNow, 'appendReply')).toMatchObject([{ match: 2, round: 6 }])
  })

  it('is any answer in a term that is not durable yet', () => {
    const n1 = new Solo({ log: [1] })
    n1.append({ term: 4, prevIndex: 1, prevTerm: 1 })
    const ready = n1.take()
    expect(ready.sendNow).toEqual([])
    expect(ofType(ready.sendAfterPersist, 'appendReply')).toMatchObject([{ term: 4, accepted: true }])
  })

  it("is a leader's own share of a majority, while its appends go out at once", () => {
    const n1 = new Solo({ voters: ['n1', 'n2', 'n3'] })
    n1.win()
    n1.appendReply({ match: 1 })
    n1.settle()
    n1.raft.propose([new Uint8Array(1)], n1.nowMs)
    expect(ofType(n1.take().sendNow, 'append').length).toBeGreaterThan(0)
    n1.appendReply({ match: 2 })
    expect(n1.raft.status().commit).toBe(1)
    n1.persist()
    expect(n1.raft.status().commit).toBe(2)
  })

  it('is applying: entries that others committed are applied only when they are durable here too', () => {
    const n1 = new Solo({ voters: ['n1', 'n2', 'n3'] })
    n1.win()
    n1.raft.propose([new Uint8Array(1)], n1.nowMs)
    n1.take()
    n1.appendReply({ from: 'n2', match: 2 })
    n1.appendReply({ from: 'n3', match: 2 })
    expect(n1.raft.status().commit).toBe(2)
    expect(n1.take().apply.map(({ index }) => index)).toEqual([1])
    n1.persist()
    expect(n1.take().apply.map(({ index }) => index)).toEqual([2])
  })
})

describe('several writes under way', () => {
  it('hand out each entry once, and are done in order', () => {
    const n1 = new Solo()
    n1.append({ term: 1, entries: logOf([1, 1]) })
    const first = n1.take().persist!
    n1.append({ term: 1, prevIndex: 2, prevTerm: 1, entries: logOf([1], 3) })
    const second = n1.take().persist!
    expect([first, second].map(({ entries }) => entries.map(({ index }) => index))).toEqual([[1, 2], [3]])
    expect(second.seq).toBeGreaterThan(first.seq)
    expect(second.hardState).toBe(null)
    n1.raft.persisted(first.seq, 0)
    expect(n1.raft.status().durable).toBe(2)
    n1.raft.persisted(second.seq, 0)
    expect(n1.raft.status().durable).toBe(3)
    expect(n1.take()).toMatchObject({ persist: null, apply: [], sendNow: [], sendAfterPersist: [] })
    expect(n1.raft.hasReady()).toBe(false)
  })

  it('prove nothing about entries that replaced theirs meanwhile', () => {
    const n1 = new Solo({ log: [1] })
    n1.append({ term: 2, prevIndex: 1, prevTerm: 1, entries: logOf([2, 2, 2], 2) })
    const old = n1.take().persist!
    n1.append({ from: 'n3', term: 3, prevIndex: 2, prevTerm: 2, entries: logOf([3, 3], 3) })
    const replacing = n1.take().persist!
    n1.raft.persisted(old.seq, 0)
    expect(n1.raft.status().durable).toBe(2)
    n1.raft.persisted(replacing.seq, 0)
    expect(n1.raft.status().durable).toBe(4)
  })

  it('do not make a vote of a past term count', () => {
    const n1 = new Solo()
    n1.pass(150)
    const vote = n1.take().persist!
    n1.vote({ from: 'n3', term: 2 })
    n1.raft.persisted(vote.seq, n1.nowMs)
    n1.voteReply({ term: 1 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 2, vote: 'n3' })
  })

  it('do not make a vote of the campaign before count in this one', () => {
    const n1 = new Solo()
    n1.pass(150)
    const first = n1.take().persist!
    n1.pass(150)
    n1.take()
    n1.raft.persisted(first.seq, n1.nowMs)
    n1.voteReply({ term: 2 })
    expect(n1.raft.status()).toMatchObject({ role: 'candidate', term: 2 })
    n1.persist()
    expect(n1.raft.status().role).toBe('leader')
  })

  it('can be done only after they were handed out', () => {
    expect(() => new Solo().raft.persisted(1, 0)).toThrow(BrokenInvariant)
  })
})

describe('a long stretch to apply', () => {
  it('comes in pieces, each entry once, in order', () => {
    const n1 = new Solo({ log: Array.from({ length: 10_000 }, () => 1) })
    n1.append({ term: 1, prevIndex: 10_000, prevTerm: 1, commit: 10_000 })
    const { apply } = n1.take()
    expect(apply.length).toBeLessThan(10_000)
    apply.push(...n1.settle().apply)
    expect(apply.map(({ index }) => index)).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1))
    n1.raft.applied(10_000)
    expect(n1.raft.status().applied).toBe(10_000)
    expect(() => n1.raft.applied(10_001)).toThrow(BrokenInvariant)
  })
})

describe('what a disk can hold', () => {
  it.each([
    ['a gap', { hardState: { term: 1, vote: null }, entries: logOf([1], 2) }],
    ['a term that falls', { hardState: { term: 2, vote: null }, entries: logOf([2, 1]) }],
    ['a log newer than its hard state', { hardState: { term: 1, vote: null }, entries: logOf([2]) }],
  ])('is not %s', async (_, durable) => {
    const { createRaft } = await import('../../../src-main/raft/raft')
    const timing = { heartbeatMs: 50, electionTimeoutMs: [150, 300] as const, preVote: true, checkQuorum: true, random: () => 0 }
    const bounds = { maxEntriesPerMessage: 1, maxBytesPerMessage: 1, maxInflight: 1 }
    expect(() => createRaft({ id: 'n1', voters: ['n1'], ...timing, ...bounds }, durable, 0)).toThrow(BrokenInvariant)
  })
})
