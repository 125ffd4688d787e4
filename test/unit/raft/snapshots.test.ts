/** The cut log (Raft §7): who needs what is gone gets a snapshot, and what it covers counts as there. */
import { describe, expect, it } from 'vitest'
import { BrokenInvariant } from '../../../src-main/raft/invariant'
import { createRaft } from '../../../src-main/raft/raft'
import { encodeMembership } from '../../../src-main/raft/types'
import { logOf, membersOf, ofType, snapshotAt, Solo } from './solo'

/** n1 leads term 2 with entries 1…4 committed and applied. */
function leading(): Solo {
  const n1 = new Solo({ log: [1, 1, 1] })
  n1.win()
  n1.appendReply({ match: 4 })
  n1.settle()
  n1.raft.applied(4)
  return n1
}

describe('a log that was cut', () => {
  it('begins behind the cut, goes on as before, and says what a snapshot there has to carry', () => {
    const n1 = leading()
    expect(n1.raft.snapshotMeta(3)).toEqual(snapshotAt(3, 1))
    n1.raft.compact(3)
    expect(n1.raft.status()).toMatchObject({ first: 4, last: 4, commit: 4 })
    expect(n1.raft.snapshotMeta(2)).toBe(null)
    n1.raft.propose([new Uint8Array(1)], n1.nowMs)
    expect(ofType(n1.settle().sent, 'append')[0]).toMatchObject({ prevIndex: 4, prevTerm: 2 })
  })

  it('is not cut where it is not applied yet', () => {
    const n1 = leading()
    n1.raft.propose([new Uint8Array(1)], n1.nowMs)
    expect(() => n1.raft.compact(5)).toThrow(BrokenInvariant)
  })

  it('starts in the term of a snapshot that is ahead of the hard state, makes it durable, and forgets no vote within a term', () => {
    const ahead = new Solo({ snapshot: snapshotAt(3, 2), hardState: { term: 1, vote: 'n2' } })
    expect(ahead.raft.status()).toMatchObject({ term: 2, vote: null, last: 3 })
    expect(ahead.raft.takeReady().persist?.hardState).toEqual({ term: 2, vote: null })
    const known = new Solo({ snapshot: snapshotAt(3, 2), hardState: { term: 2, vote: 'n2' } })
    expect(known.raft.status()).toMatchObject({ term: 2, vote: 'n2' })
  })

  it('starts again from snapshot and rest', () => {
    const n1 = new Solo({ snapshot: snapshotAt(3, 1), log: [1, 2] })
    expect(n1.raft.status()).toMatchObject({ first: 4, last: 5, commit: 3, applied: 3, durable: 5 })
    n1.append({ term: 2, prevIndex: 5, prevTerm: 2, commit: 5 })
    expect(n1.settle().apply.map(({ index }) => index)).toEqual([4, 5])
  })

  it('refuses nothing that lies before the cut: it is committed, and looked at from there on', () => {
    const n1 = new Solo({ snapshot: snapshotAt(3, 1) })
    n1.append({ term: 2, prevIndex: 1, prevTerm: 1, entries: [...logOf([1, 1], 2), ...logOf([2], 4)] })
    expect(ofType(n1.settle().sent, 'appendReply')).toMatchObject([{ accepted: true, match: 4 }])
    n1.append({ term: 2, prevIndex: 0, entries: logOf([1]) }) // late
    expect(ofType(n1.settle().sent, 'appendReply')).toMatchObject([{ accepted: true, match: 3 }])
    expect(n1.raft.status().last).toBe(4)
  })

  it('that differs from its leader where a snapshot says it is committed stops the node', () => {
    const n1 = new Solo({ snapshot: snapshotAt(3, 1) })
    expect(() => n1.append({ term: 2, prevIndex: 1, prevTerm: 1, entries: logOf([2, 2], 2) })).toThrow(BrokenInvariant)
  })
})

describe('a follower that needs what was cut', () => {
  /** n3 has refused entry 3, and has nothing before it either. */
  function withStraggler(): { n1: Solo; asked: ReturnType<Solo['settle']>['snapshots'] } {
    const n1 = leading()
    n1.raft.compact(3)
    n1.appendReply({ from: 'n3', accepted: false, match: 3, conflictIndex: 1 })
    return { n1, asked: n1.settle().snapshots }
  }

  it('gets a snapshot, asked for once, and heartbeats meanwhile, which it may refuse', () => {
    const { n1, asked } = withStraggler()
    expect(asked).toEqual([{ to: 'n3', index: 3 }])
    for (let i = 0; i < 3; i++) {
      n1.pass(50)
      const { sent, snapshots } = n1.settle()
      expect(snapshots).toEqual([])
      expect(ofType(sent, 'append').filter(({ to }) => to === 'n3')).toMatchObject([{ prevIndex: 3, prevTerm: 1, entries: [] }])
      n1.appendReply({ from: 'n3', accepted: false, match: 3, conflictIndex: 1 })
      n1.appendReply({ from: 'n2', match: 4 })
    }
    expect(n1.raft.status().progress.n3).toMatchObject({ mode: 'snapshot', match: 0 })
  })

  it('is sent the rest of the log once it has the snapshot', () => {
    const { n1 } = withStraggler()
    n1.appendReply({ from: 'n3', match: 3 })
    const toN3 = ofType(n1.settle().sent, 'append').filter(({ to }) => to === 'n3')
    expect(toN3).toMatchObject([{ prevIndex: 3, entries: [{ index: 4 }] }])
    expect(n1.raft.status().progress.n3).toMatchObject({ mode: 'replicate', match: 3 })
  })

  it('is asked for again after a stream was given up, with the next heartbeat', () => {
    const { n1 } = withStraggler()
    n1.raft.snapshotFailed('n3')
    expect(n1.settle().snapshots).toEqual([])
    n1.pass(50)
    expect(n1.settle().snapshots).toEqual([{ to: 'n3', index: 3 }])
  })

  it('gets another one when the log was cut again before the first arrived', () => {
    const { n1 } = withStraggler()
    n1.raft.compact(4)
    n1.appendReply({ from: 'n3', match: 3 })
    expect(n1.settle().snapshots).toEqual([{ to: 'n3', index: 4 }])
  })

  it('is tried at the cut before, when only a hint led behind it', () => {
    const n1 = leading()
    n1.raft.propose([new Uint8Array(1)], n1.nowMs)
    n1.settle()
    n1.raft.compact(3)
    n1.appendReply({ from: 'n3', match: 4 })
    n1.settle()
    n1.appendReply({ from: 'n3', accepted: false, match: 5, conflictIndex: 1, conflictTerm: 0 })
    const { sent, snapshots } = n1.settle()
    expect(snapshots).toEqual([])
    expect(ofType(sent, 'append').at(-1)).toMatchObject({ to: 'n3', prevIndex: 4 })
  })
})

describe('a received snapshot', () => {
  it('of another history replaces the log, and is told to the leader only when the disk knows', () => {
    const n1 = new Solo({ log: [1, 1] })
    n1.append({ term: 3, prevIndex: 9, prevTerm: 3, round: 7 })
    n1.settle()
    expect(n1.raft.restore(snapshotAt(8, 3, membersOf('n1', 'n2', 'n3', 'n4')), n1.nowMs)).toBe(true)
    const ready = n1.take()
    expect(ready.persist).toMatchObject({ restored: { index: 8, term: 3 }, entries: [] })
    expect(ready.apply).toEqual([])
    expect(ofType(ready.sendAfterPersist, 'appendReply')).toMatchObject([{ to: 'n2', accepted: true, match: 8, round: 7 }])
    expect(n1.raft.status()).toMatchObject({ first: 9, last: 8, commit: 8, applied: 8, membership: { voters: ['n1', 'n2', 'n3', 'n4'] } })
  })

  it('that this log reaches keeps what lies behind it', () => {
    const n1 = new Solo({ log: [1, 1, 1] })
    n1.append({ term: 1, prevIndex: 3, prevTerm: 1 })
    n1.settle()
    expect(n1.raft.restore(snapshotAt(2, 1), n1.nowMs)).toBe(true)
    expect(n1.take().persist).toBe(null)
    expect(n1.raft.status()).toMatchObject({ first: 3, last: 3, durable: 3, commit: 2 })
  })

  it('behind what is committed here changes nothing', () => {
    const n1 = new Solo({ log: [1, 1, 1] })
    n1.append({ term: 1, prevIndex: 3, prevTerm: 1, commit: 3 })
    n1.settle()
    expect(n1.raft.restore(snapshotAt(2, 1), n1.nowMs)).toBe(false)
    expect(n1.raft.status()).toMatchObject({ first: 1, last: 3, commit: 3 })
  })

  it('makes writes under way prove nothing about the log that it replaced', () => {
    const n1 = new Solo({ log: [1] })
    n1.append({ term: 1, prevIndex: 1, prevTerm: 1, entries: logOf([1, 1], 2) })
    const old = n1.take().persist!
    n1.append({ term: 3, prevIndex: 9, prevTerm: 3 })
    n1.raft.restore(snapshotAt(2, 2), n1.nowMs)
    n1.append({ term: 3, prevIndex: 2, prevTerm: 2, entries: logOf([3], 3) })
    n1.raft.persisted(old.seq, 0)
    expect(n1.raft.status()).toMatchObject({ durable: 2, last: 3 })
  })
})

describe('a disk after a crash between snapshot and log', () => {
  const meta = snapshotAt(3, 2)
  it.each([
    ['has another term at the snapshot', logOf([1, 1, 1, 1]), 3],
    ['does not reach it', logOf([1, 1]), 3],
    ['begins behind it', logOf([2], 4), 4],
  ])('whose log %s', (_, entries, last) => {
    const n1 = new Solo()
    const raft = createRaft({ ...n1.config }, { hardState: { term: 2, vote: null }, snapshot: meta, entries }, 0)
    expect(raft.status()).toMatchObject({ first: 4, last, commit: 3 })
    expect(raft.takeReady().persist?.restored ?? null).toEqual(last === 3 ? meta : null)
  })

  it.each([
    ['from the first entry on', logOf([1, 1, 2, 2]), 1, 0],
    ['but for the first entry there is, which tells the term before the next', logOf([1, 2, 2], 2), 3, 1],
    ['which may be none', logOf([2, 2], 3), 4, 2],
  ])('keeps what the log still holds of before for stragglers, %s', (_, entries, first, prevTerm) => {
    const n1 = new Solo()
    const raft = createRaft({ ...n1.config }, { hardState: { term: 2, vote: null }, snapshot: meta, entries }, 0)
    expect(raft.status()).toMatchObject({ first, last: 4, durable: 4, commit: 3, applied: 3 })
    expect(raft.takeReady()).toMatchObject({ persist: null, apply: [] })
    expect([raft.snapshotMeta(2), raft.snapshotMeta(3)]).toEqual([null, meta])
    raft.tick(1_000)
    raft.persisted(raft.takeReady().persist!.seq, 1_000)
    const vote = { type: 'voteReply', from: 'n2', to: 'n1', term: 3, pre: false, granted: true } as const
    raft.receive(vote, 1_000)
    raft.persisted(raft.takeReady().persist!.seq, 1_000)
    const behind = { type: 'appendReply', from: 'n2', to: 'n1', term: 3, round: 1, accepted: false, match: 4, conflictIndex: 1, conflictTerm: 0 } as const
    raft.receive(behind, 1_000)
    const { sendNow, snapshots } = raft.takeReady()
    expect(snapshots).toEqual([])
    expect(ofType(sendNow, 'append')).toMatchObject([{ to: 'n2', prevIndex: first - 1, prevTerm }])
  })

  it('knows the members of log and snapshot', () => {
    const n1 = new Solo()
    const data = encodeMembership(membersOf('n1', 'n2'))
    const raft = createRaft({ ...n1.config }, { hardState: { term: 2, vote: null }, snapshot: meta, entries: [{ index: 4, term: 2, type: 'config', data }] }, 0)
    expect(raft.status()).toMatchObject({ membership: membersOf('n1', 'n2'), membershipIndex: 4 })
  })
})
