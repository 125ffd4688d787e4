/** Voters by an operator's word, for a cluster whose voters are gone: from one core's disk to the next leader's log. */
import { describe, expect, it } from 'vitest'
import { createRaft } from '../../../src-main/raft/raft'
import { encodeMembership, type Entry } from '../../../src-main/raft/types'
import { logOf, membersOf, Solo } from './solo'

const old = ['a', 'b', 'c']
const configEntry = (index: number, term: number, voters: string[]): Entry => ({ index, term, type: 'config', data: encodeMembership(membersOf(...voters)) })

/** A learner of a, b and c, whose log ends at entry 4, told that it votes with n2 from term 4 on. */
function survivor() {
  const { config } = new Solo({ voters: old })
  const entries = [...logOf([1, 1, 2]), configEntry(4, 3, old)]
  return createRaft(config, { hardState: { term: 3, vote: null }, entries, forced: { term: 4, voters: ['n1', 'n2'] } }, 0)
}

/** Everything it wants, on an instant disk. */
function settle(raft: ReturnType<typeof survivor>) {
  const all = { sent: [] as { type: string; to: string }[], terms: [] as number[], events: [] as { kind: string }[] }
  while (raft.hasReady()) {
    const ready = raft.takeReady()
    all.sent.push(...ready.sendNow, ...ready.sendAfterPersist)
    all.events.push(...ready.events)
    if (ready.persist?.hardState) all.terms.push(ready.persist.hardState.term)
    if (ready.persist) raft.persisted(ready.persist.seq, 1_000)
  }
  return all
}

describe('a survivor that was told who votes', () => {
  it('begins in the new term, keeps its log, and asks the new voters alone', () => {
    const raft = survivor()
    expect(raft.status()).toMatchObject({ term: 4, last: 4, membership: membersOf('n1', 'n2') })
    expect(settle(raft).events).toContainEqual(expect.objectContaining({ kind: 'membership', stage: 'forced', index: 4, term: 4 }))
    raft.tick(1_000)
    const { sent, terms } = settle(raft)
    expect(sent.filter(({ type }) => type === 'vote').map(({ to }) => to)).toEqual(['n2'])
    expect(terms.at(-1)).toBe(5)
  })

  it('as leader says so in the log, so that the word is not needed any more', () => {
    const raft = survivor()
    raft.tick(1_000)
    settle(raft)
    raft.receive({ type: 'voteReply', from: 'n2', to: 'n1', term: 5, pre: false, granted: true }, 1_000)
    settle(raft)
    expect(raft.status()).toMatchObject({ role: 'leader', last: 6, membershipIndex: 6, membership: membersOf('n1', 'n2') })
    raft.receive({ type: 'appendReply', from: 'n2', to: 'n1', term: 5, round: 1, accepted: true, match: 6, conflictIndex: 0, conflictTerm: 0 }, 1_000)
    expect(raft.status().commit).toBe(6)
  })

  it('follows a leader with a longer log, and does not take what that says of older terms for news', () => {
    const raft = survivor()
    settle(raft)
    raft.receive({ type: 'append', from: 'n2', to: 'n1', term: 6, prevIndex: 3, prevTerm: 2, entries: [configEntry(4, 3, old), configEntry(5, 3, old)], commit: 5, round: 1 }, 10)
    expect(raft.status()).toMatchObject({ commit: 5, membership: membersOf('n1', 'n2') })
    raft.receive({ type: 'append', from: 'n2', to: 'n1', term: 6, prevIndex: 5, prevTerm: 3, entries: [configEntry(6, 6, ['n1', 'n2', 'n9'])], commit: 5, round: 2 }, 20)
    expect(raft.status().membership).toEqual(membersOf('n1', 'n2', 'n9'))
  })

  it('installs a snapshot of an older term without its members', () => {
    const raft = survivor()
    settle(raft)
    raft.restore({ index: 9, term: 3, membership: membersOf(...old) }, 10)
    expect(raft.status()).toMatchObject({ first: 10, membership: membersOf('n1', 'n2') })
  })
})

describe('adding a voter at once', () => {
  it('counts its vote from the first moment: with one of three away, nothing is committed any more', () => {
    const n1 = new Solo()
    n1.win()
    n1.appendReply({ match: 1 })
    n1.settle()
    expect(n1.raft.changeMembership({ add: 'n4', atOnce: true }, { force: true }, n1.nowMs)).toEqual({ ok: true, index: 2 })
    n1.settle()
    n1.appendReply({ match: 2 })
    expect(n1.raft.status()).toMatchObject({ commit: 1, membership: { voters: ['n1', 'n2', 'n3', 'n4'], outgoing: ['n1', 'n2', 'n3'] } })
    n1.appendReply({ from: 'n4', match: 2 })
    expect(n1.raft.status().commit).toBeGreaterThanOrEqual(2)
  })
})
