/** Raft §5.3 and §5.4.2, rule by rule on one core, and the mistakes that implementations make with them. */
import { describe, expect, it } from 'vitest'
import { BrokenInvariant } from '../../../src-main/raft/invariant'
import { logOf, ofType, Solo } from './solo'

const value = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('a follower', () => {
  it('checks the entry before the new ones, in heartbeats too', () => {
    const n1 = new Solo({ log: [1, 1] })
    n1.append({ term: 2, prevIndex: 3, prevTerm: 2, commit: 3 })
    n1.append({ term: 2, prevIndex: 2, prevTerm: 2, commit: 2 })
    expect(ofType(n1.settle().sent, 'appendReply').map(({ accepted }) => accepted)).toEqual([false, false])
    expect(n1.raft.status()).toMatchObject({ last: 2, commit: 0 })
  })

  it('truncates at a conflict only: a late append of what it has takes nothing back', () => {
    const n1 = new Solo({ log: [1, 1, 1] })
    n1.append({ term: 1, prevIndex: 0, prevTerm: 0, entries: logOf([1, 1]) })
    expect(n1.raft.status().last).toBe(3)
    n1.append({ term: 2, prevIndex: 1, prevTerm: 1, entries: logOf([2], 2) })
    const { events } = n1.settle()
    expect(n1.raft.status().last).toBe(2)
    expect(events).toContainEqual({ kind: 'truncated', fromIndex: 2, toIndex: 3, term: 2 })
  })

  it('commits no further than the last new entry, whatever the leader has committed', () => {
    const n1 = new Solo({ log: [1, 1, 1] }) // the third may differ from the leader's
    n1.append({ term: 2, prevIndex: 1, prevTerm: 1, commit: 9 })
    expect(n1.raft.status().commit).toBe(1)
    n1.append({ term: 2, prevIndex: 1, prevTerm: 1, entries: logOf([1], 2), commit: 9 })
    expect(n1.raft.status().commit).toBe(2)
  })

  it('never takes its commit index back', () => {
    const n1 = new Solo({ log: [1, 1, 1] })
    n1.append({ term: 1, prevIndex: 3, prevTerm: 1, commit: 3 })
    n1.append({ term: 1, prevIndex: 1, prevTerm: 1, commit: 1 })
    expect(n1.raft.status().commit).toBe(3)
  })

  it('dies rather than overwrite what is committed', () => {
    const n1 = new Solo({ log: [1, 1] })
    n1.append({ term: 1, prevIndex: 2, prevTerm: 1, commit: 2 })
    expect(() => n1.append({ term: 2, prevIndex: 1, prevTerm: 1, entries: logOf([2], 2) })).toThrow(BrokenInvariant)
  })

  it('dies rather than follow two leaders of one term', () => {
    const n1 = new Solo()
    n1.append({ from: 'n2', term: 1 })
    expect(() => n1.append({ from: 'n3', term: 1 })).toThrow(/lead term 1/)
  })

  it('names its last index + 1 when it is too short, else the conflicting term and where that begins', () => {
    const n1 = new Solo({ log: [1, 2, 2, 2] })
    n1.append({ term: 5, prevIndex: 9, prevTerm: 4 })
    n1.append({ term: 5, prevIndex: 4, prevTerm: 4 })
    expect(ofType(n1.settle().sent, 'appendReply')).toMatchObject([
      { accepted: false, match: 9, conflictIndex: 5, conflictTerm: 0 },
      { accepted: false, match: 4, conflictIndex: 2, conflictTerm: 2 },
    ])
  })

  it('answers with prevIndex + number of entries, not with the end of its log', () => {
    const n1 = new Solo({ log: [1, 1, 1, 1] })
    n1.append({ term: 1, prevIndex: 1, prevTerm: 1, entries: logOf([1], 2) })
    n1.append({ term: 1, prevIndex: 1, prevTerm: 1 })
    const matches = ofType(n1.settle().sent, 'appendReply').map(({ match }) => match)
    expect(matches.sort()).toEqual([1, 2])
  })
})

describe('a leader', () => {
  it('begins with a no-op, sent to all at once', () => {
    const n1 = new Solo({ log: [1, 1] })
    n1.pass(150)
    n1.settle()
    n1.voteReply({})
    const appends = ofType(n1.settle().sendNow, 'append')
    expect(appends.map(({ to }) => to)).toEqual(['n2', 'n3'])
    expect(appends[0]).toMatchObject({ term: 2, prevIndex: 2, prevTerm: 1, entries: [{ index: 3, term: 2, type: 'noop' }] })
  })

  it('does not commit an entry of an earlier term by counting (figure 8)', () => {
    const n1 = new Solo({ log: [1, 2], voters: ['n1', 'n2', 'n3', 'n4', 'n5'], hardState: { term: 3, vote: null } })
    n1.win() // (c): S1 leads term 4 and brings its entry of term 2 to a majority
    n1.appendReply({ from: 'n2', match: 2 })
    n1.appendReply({ from: 'n3', match: 2 })
    expect(n1.raft.status().commit).toBe(0)
    n1.append({ from: 'n5', term: 5, prevIndex: 1, prevTerm: 1, entries: logOf([3], 2) }) // (d): S5 overwrites it
    expect(n1.settle().events).toContainEqual({ kind: 'truncated', fromIndex: 2, toIndex: 3, term: 5 })
  })

  it('commits earlier entries together with one of its own term (figure 8 e)', () => {
    const n1 = new Solo({ log: [1, 2], voters: ['n1', 'n2', 'n3', 'n4', 'n5'], hardState: { term: 3, vote: null } })
    n1.win()
    n1.appendReply({ from: 'n2', match: 3 })
    expect(n1.raft.status().commit).toBe(0)
    n1.appendReply({ from: 'n3', match: 3 })
    expect(n1.raft.status().commit).toBe(3)
    expect(n1.settle().apply.map(({ index }) => index)).toEqual([1, 2, 3])
  })

  it.each([
    ['a', [1, 1, 1, 4, 4, 5, 5, 6, 6]],
    ['b', [1, 1, 1, 4]],
    ['c', [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]],
    ['d', [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]],
    ['e', [1, 1, 1, 4, 4, 4, 4]],
    ['f', [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]],
  ])('makes follower (%s) of figure 7 equal to itself, in at most three steps back', (_, terms) => {
    const hardState = { term: 7, vote: null }
    const leader = new Solo({ log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6], hardState, raft: { maxEntriesPerMessage: 4 } })
    leader.win()
    leader.pass(50)
    const follower = new Solo({ log: terms, hardState: { term: 7, vote: null }, raft: { id: 'n2' } })
    let refusals = 0
    let toFollower = ofType(leader.settle().sent, 'append').filter(({ to }) => to === 'n2')
    while (toFollower.length > 0) {
      for (const message of toFollower) follower.raft.receive(message, 0)
      const replies = ofType(follower.settle().sent, 'appendReply')
      refusals += replies.filter(({ accepted }) => !accepted).length
      for (const reply of replies) leader.raft.receive(reply, leader.nowMs)
      toFollower = ofType(leader.settle().sent, 'append').filter(({ to }) => to === 'n2')
    }
    expect(follower.raft.status()).toMatchObject({ last: 11, durable: 11 })
    expect(leader.raft.status()).toMatchObject({ commit: 11, progress: { n2: { match: 11, next: 12 } } })
    expect(refusals).toBeLessThanOrEqual(3)
  })

  it('does not move nextIndex at a rejection for an older term or a late one', () => {
    const n1 = new Solo({ log: [1, 1, 1, 1], hardState: { term: 2, vote: null } })
    n1.win()
    n1.appendReply({ term: 2, accepted: false, match: 4, conflictIndex: 1 })
    expect(n1.raft.status().progress.n2).toMatchObject({ match: 0, next: 5 })
    n1.appendReply({ match: 5 })
    n1.settle()
    n1.appendReply({ accepted: false, match: 4, conflictIndex: 1 }) // overtaken by the acceptance
    n1.settle()
    expect(n1.raft.status().progress.n2).toMatchObject({ match: 5, next: 6 })
    for (const text of ['a', 'b']) {
      n1.raft.propose([value(text)], n1.nowMs)
      expect(ofType(n1.settle().sent, 'append').map(({ to }) => to)).toEqual(['n2']) // still without waiting for answers
    }
  })

  it('resumes after the conflicting term if it has that too, sending again nothing that agrees', () => {
    const n1 = new Solo({ log: [1, 1, 1, 4, 4, 5, 5, 6], hardState: { term: 7, vote: null } })
    n1.win()
    n1.appendReply({ accepted: false, match: 8, conflictIndex: 8, conflictTerm: 0 }) // (e) of figure 7 ends at 7
    n1.settle()
    n1.appendReply({ accepted: false, match: 7, conflictIndex: 4, conflictTerm: 4 })
    expect(ofType(n1.settle().sent, 'append')).toMatchObject([{ to: 'n2', prevIndex: 5, prevTerm: 4 }])
  })

  it('goes before the conflicting term if it has nothing of it', () => {
    const n1 = new Solo({ log: [1, 1, 1, 4, 4, 5, 5, 6], hardState: { term: 7, vote: null } })
    n1.win()
    n1.appendReply({ accepted: false, match: 8, conflictIndex: 7, conflictTerm: 3 })
    n1.settle()
    n1.appendReply({ accepted: false, match: 6, conflictIndex: 4, conflictTerm: 2 })
    expect(ofType(n1.settle().sent, 'append')).toMatchObject([{ to: 'n2', prevIndex: 3, prevTerm: 1 }])
  })

  it('does not take a match back for a late answer', () => {
    const n1 = new Solo({ log: [1, 1] })
    n1.win()
    n1.appendReply({ match: 3 })
    n1.appendReply({ match: 2 })
    expect(n1.raft.status().progress.n2!.match).toBe(3)
    expect(n1.raft.status().commit).toBe(3)
  })

  it('sends proposals of one moment in one message, at once, and the next without waiting for the answer', () => {
    const n1 = new Solo()
    n1.win()
    n1.appendReply({ match: 1 })
    n1.appendReply({ from: 'n3', match: 1 })
    n1.settle()
    expect(n1.raft.propose([value('a')], n1.nowMs)).toEqual({ ok: true, index: 2, term: 1 })
    expect(n1.raft.propose([value('b'), value('c')], n1.nowMs)).toEqual({ ok: true, index: 3, term: 1 })
    const first = ofType(n1.take().sendNow, 'append')
    expect(first.map(({ to, entries }) => [to, entries.length])).toEqual([['n2', 3], ['n3', 3]])
    expect(first[0]!.entries).toBe(first[1]!.entries)
    n1.raft.propose([value('d')], n1.nowMs)
    expect(ofType(n1.take().sendNow, 'append')[0]).toMatchObject({ prevIndex: 4, entries: [{ index: 5 }] })
  })

  it('keeps messages within their bounds, and its window', () => {
    const n1 = new Solo({ raft: { maxEntriesPerMessage: 3, maxBytesPerMessage: 100, maxInflight: 2 } })
    n1.win()
    n1.appendReply({ match: 1 })
    n1.settle()
    const sizes = [60, 60, ...Array.from({ length: 9 }, () => 1), 500]
    n1.raft.propose(sizes.map((bytes) => new Uint8Array(bytes)), n1.nowMs)
    const toN2 = () => ofType(n1.settle().sent, 'append').filter(({ to }) => to === 'n2')
    const lengths = (): number[] => toN2().map(({ entries }) => entries.length)
    expect(lengths()).toEqual([1, 3])
    n1.appendReply({ match: 2 })
    expect(lengths()).toEqual([3])
    n1.appendReply({ match: 8 }) // both at once
    expect(lengths()).toEqual([3, 1])
    n1.appendReply({ match: 12 })
    expect(lengths()).toEqual([1]) // one entry above the bound still goes, alone
  })

  it('has only so many bytes on the way to one follower, which may be exceeded by the last append', () => {
    const n1 = new Solo({ raft: { maxEntriesPerMessage: 1, maxInflight: 100, maxInflightBytes: 250 } })
    n1.win()
    n1.appendReply({ match: 1 })
    n1.settle()
    n1.raft.propose(Array.from({ length: 9 }, () => new Uint8Array(100)), n1.nowMs)
    const indexes = (): number[] => ofType(n1.settle().sent, 'append').flatMap(({ to, entries }) => (to === 'n2' ? entries.map(({ index }) => index) : []))
    expect(indexes()).toEqual([2, 3, 4])
    n1.appendReply({ match: 2 })
    expect(indexes()).toEqual([5])
    n1.appendReply({ match: 5 })
    expect(indexes()).toEqual([6, 7, 8])
    n1.appendReply({ accepted: false, match: 7, conflictIndex: 6 })
    n1.appendReply({ match: 6 })
    expect(indexes()).toEqual([7, 8, 9]) // nothing that went before the refusal counts as on its way
  })

  it('sends one append to a follower that has not answered for an election timeout, and the rest when it does', () => {
    const n1 = new Solo({ raft: { maxInflight: 100 } })
    n1.win()
    n1.appendReply({ match: 1 })
    n1.appendReply({ from: 'n3', match: 1 })
    n1.settle()
    const sentTo = (id: string): number[] => ofType(n1.settle().sent, 'append').flatMap(({ to, entries }) => (to === id && entries.length > 0 ? [entries[0]!.index] : []))
    const write = (): void => void n1.raft.propose([value('x')], n1.nowMs)
    for (let beat = 0; beat < 4; beat++) {
      write()
      expect(sentTo('n3')).toEqual([2 + beat]) // what was silent for less is not given up
      n1.appendReply({ match: 2 + beat })
      if (beat < 3) n1.pass(beat === 2 ? 49 : 50)
    }
    n1.pass(1)
    n1.appendReply({ match: 5 })
    const sent = ofType(n1.settle().sent, 'append').filter(({ to, entries }) => to === 'n3' && entries.length > 0)
    expect(sent).toMatchObject([{ prevIndex: 1, entries: [{ index: 2 }, { index: 3 }, { index: 4 }, { index: 5 }] }])
    for (let beat = 0; beat < 20; beat++) {
      write()
      expect(sentTo('n3')).toEqual([])
      n1.pass(50)
      n1.appendReply({ match: 6 + beat })
    }
    expect(n1.raft.status().progress.n3).toMatchObject({ mode: 'probe', match: 1, next: 2 })
    expect(n1.raft.status().progress.n2).toMatchObject({ mode: 'replicate', match: 25 })
    n1.appendReply({ from: 'n3', match: 5 })
    expect(sentTo('n3')).toEqual([6])
    expect(n1.raft.status().progress.n3).toMatchObject({ mode: 'replicate', match: 5, next: 26 })
  })

  it('finds a lost append by the next heartbeat and sends it again', () => {
    const n1 = new Solo()
    n1.win()
    n1.appendReply({ match: 1 })
    n1.settle()
    n1.raft.propose([value('lost')], n1.nowMs)
    n1.settle()
    n1.pass(50)
    const heartbeat = ofType(n1.settle().sent, 'append').find(({ to }) => to === 'n2')!
    expect(heartbeat).toMatchObject({ prevIndex: 2, entries: [] })
    n1.appendReply({ accepted: false, match: 2, conflictIndex: 2, round: heartbeat.round })
    expect(ofType(n1.settle().sent, 'append')).toMatchObject([{ to: 'n2', prevIndex: 1, entries: [{ index: 2 }] }])
  })

  it('finds a lost answer by the next heartbeat', () => {
    const n1 = new Solo({ raft: { maxInflight: 1 } })
    n1.win()
    n1.appendReply({ match: 1 })
    n1.raft.propose([value('a')], n1.nowMs)
    n1.settle()
    n1.raft.propose([value('b')], n1.nowMs)
    expect(ofType(n1.settle().sent, 'append')).toEqual([]) // n2's window is full, n3 still probes
    n1.pass(50)
    n1.settle()
    n1.appendReply({ match: 2, round: 2 }) // the echo of the heartbeat
    expect(n1.raft.status().commit).toBe(2)
    expect(ofType(n1.settle().sent, 'append')).toMatchObject([{ to: 'n2', entries: [{ index: 3 }] }])
  })

  it('sends a silent follower heartbeats without entries', () => {
    const n1 = new Solo()
    n1.win()
    n1.raft.propose([value('a')], n1.nowMs)
    n1.settle()
    n1.pass(50)
    expect(ofType(n1.settle().sent, 'append').map(({ entries }) => entries.length)).toEqual([0, 0])
  })

  it('refuses proposals when too much is uncommitted, and takes them again after a commit', () => {
    const many = new Solo()
    many.win()
    expect(many.raft.propose(Array.from({ length: 9_999 }, () => value('')), 0)).toMatchObject({ ok: true })
    expect(many.raft.propose([value('')], 0)).toEqual({ ok: false, reason: 'overloaded' })
    many.settle()
    many.appendReply({ match: 10_000 })
    expect(many.raft.propose([value('')], 0)).toMatchObject({ ok: true, index: 10_001 })

    const big = new Solo()
    big.win()
    const half = new Uint8Array(32 << 20)
    expect(big.raft.propose([half, half], 0)).toMatchObject({ ok: true })
    expect(big.raft.propose([value('x')], 0)).toEqual({ ok: false, reason: 'overloaded' })
    expect(big.raft.status().last).toBe(3)
    big.settle()
    big.appendReply({ match: 3 })
    expect(big.raft.propose([value('x')], 0)).toMatchObject({ ok: true })
  })

  it('says when a quorum acknowledged a newer round, dated when that round was sent', () => {
    const n1 = new Solo({ voters: ['n1', 'n2', 'n3', 'n4', 'n5'] })
    n1.win()
    n1.pass(50)
    const sentMs = n1.nowMs
    n1.settle()
    n1.pass(20)
    n1.appendReply({ from: 'n2', round: 2 })
    expect(n1.settle().events).toEqual([])
    n1.appendReply({ from: 'n3', round: 2 })
    n1.appendReply({ from: 'n4', round: 1 })
    expect(n1.settle().events).toEqual([{ kind: 'quorumAck', term: 1, sentMs }])
  })

  it('alone acknowledges itself with each heartbeat, and commits what its disk has', () => {
    const n1 = new Solo({ voters: ['n1'], raft: { checkQuorum: true } })
    n1.win()
    n1.raft.propose([value('a')], n1.nowMs)
    expect(n1.settle().apply.at(-1)).toMatchObject({ index: 2, type: 'command' })
    n1.pass(50)
    expect(n1.settle().events).toEqual([{ kind: 'quorumAck', term: 1, sentMs: n1.nowMs }])
  })
})
