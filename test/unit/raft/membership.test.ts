/** Changing who votes (Raft §6, dissertation §4): step by step on one core, then on whole clusters. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BrokenInvariant } from '../../../src-main/raft/invariant'
import { MembershipHistory } from '../../../src-main/raft/membership/history'
import { quorumBallot, reachedByQuorum } from '../../../src-main/raft/quorum/joint'
import { decodeMembership, encodeMembership } from '../../../src-main/raft/types'
import type { Entry, Membership } from '../../../src-main/raft/types'
import { membersOf, ofType, Solo } from './solo'

/** n1 leads term 1 of three and has committed its no-op. */
function leading(options: ConstructorParameters<typeof Solo>[0] = {}): Solo {
  const n1 = new Solo(options)
  n1.win()
  n1.appendReply({ match: 1 })
  n1.appendReply({ from: 'n3', match: 1 })
  n1.settle()
  return n1
}

const membership = (n1: Solo): Membership => n1.raft.status().membership
const joint = (voters: string[], outgoing: string[]): Membership => ({ voters, outgoing, learners: [] })
const three = ['n1', 'n2', 'n3']
const four = [...three, 'n4']

describe('adding a voter', () => {
  it('makes it a learner, effective at once: it gets the log, and no majority waits for it', () => {
    const n1 = leading()
    expect(n1.raft.changeMembership({ add: 'n4' }, {}, n1.nowMs)).toEqual({ ok: true, index: 2 })
    const { sent, events } = n1.settle()
    expect(ofType(sent, 'append').map(({ to }) => to)).toContain('n4')
    expect(membership(n1)).toEqual({ voters: three, outgoing: [], learners: ['n4'], joining: 'n4', learnersBefore: [] })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'membership', stage: 'learner' }))
    n1.appendReply({ match: 2 })
    expect(n1.raft.status().commit).toBe(2)
  })

  it('waits until it has caught up, then needs a majority of both sets, then leaves the old one by itself', () => {
    const n1 = leading()
    n1.raft.changeMembership({ add: 'n4' }, {}, n1.nowMs)
    n1.settle()
    n1.appendReply({ match: 2 })
    n1.settle()
    expect(membership(n1).outgoing).toEqual([])
    n1.appendReply({ from: 'n4', match: 2 })
    n1.settle()
    expect(membership(n1)).toEqual({ ...joint(four, three), learnersBefore: [] })
    n1.appendReply({ from: 'n4', match: 3 })
    expect(n1.raft.status().commit).toBe(2) // n1 and n4: half of the new, a minority of the old
    n1.appendReply({ match: 3 })
    const { events } = n1.settle()
    expect(n1.raft.status().commit).toBe(3)
    expect(membership(n1)).toEqual(membersOf(...four))
    expect(events).toContainEqual(expect.objectContaining({ kind: 'membership', stage: 'final', index: 4 }))
    n1.appendReply({ match: 4 })
    expect(n1.raft.status().commit).toBe(3) // two of four
    n1.appendReply({ from: 'n4', match: 4 })
    expect(n1.raft.status().commit).toBe(4)
  })

  it('does not take a learner for caught up whose round took longer than an election timeout', () => {
    const n1 = leading({ raft: { checkQuorum: false } })
    n1.raft.changeMembership({ add: 'n4' }, {}, n1.nowMs)
    n1.settle()
    n1.appendReply({ match: 2 })
    n1.pass(200)
    n1.settle()
    n1.appendReply({ match: 2 })
    n1.appendReply({ from: 'n4', match: 2 }) // late
    expect(membership(n1).joining).toBe('n4')
    n1.pass(50)
    n1.settle()
    n1.appendReply({ from: 'n4', match: 2 }) // what is there now, it has
    expect(membership(n1)).toEqual({ ...joint(four, three), learnersBefore: [] })
  })

  it('that never catches up is undone when its time is over', () => {
    const n1 = leading({ raft: { changeLimitMs: 1000 } })
    n1.raft.changeMembership({ add: 'n4' }, {}, n1.nowMs)
    n1.settle()
    n1.appendReply({ match: 2 })
    n1.pass(1000)
    expect(membership(n1)).toEqual(membersOf(...three))
    expect(n1.settle().events).toContainEqual(expect.objectContaining({ kind: 'membership', stage: 'undone' }))
    n1.appendReply({ match: 3 })
    n1.settle()
    expect(n1.raft.changeMembership({ add: 'n5' }, {}, n1.nowMs)).toMatchObject({ reason: 'would-lose-quorum' }) // n3 is silent
  })

  it('that would leave no slack is refused with who answers, unless forced', () => {
    const n1 = leading()
    n1.pass(150)
    n1.settle()
    n1.appendReply({ match: 1 })
    const refusal = { ok: false, reason: 'would-lose-quorum', answering: ['n1', 'n2'], needed: 3 }
    expect(n1.raft.changeMembership({ add: 'n4' }, {}, n1.nowMs)).toEqual(refusal)
    expect(n1.raft.changeMembership({ add: 'n4' }, { force: true }, n1.nowMs)).toMatchObject({ ok: true })
  })

  it('as a learner is one step', () => {
    const n1 = leading()
    n1.raft.changeMembership({ add: 'n4', asLearner: true }, {}, n1.nowMs)
    n1.settle()
    n1.appendReply({ match: 2 })
    n1.appendReply({ from: 'n4', match: 2 })
    expect(membership(n1)).toEqual({ ...membersOf(...three), learners: ['n4'] })
    expect(n1.raft.changeMembership({ add: 'n4', asLearner: true }, {}, n1.nowMs)).toMatchObject({ reason: 'already-member' })
    expect(n1.raft.changeMembership({ add: 'n4' }, {}, n1.nowMs)).toMatchObject({ ok: true })
  })
})

describe('removing', () => {
  it('a voter goes through the joint step too, and it hears of its end', () => {
    const n1 = leading()
    n1.raft.changeMembership({ remove: 'n3' }, {}, n1.nowMs)
    expect(membership(n1)).toEqual(joint(['n1', 'n2'], three))
    n1.settle()
    n1.appendReply({ match: 2 })
    expect(membership(n1)).toEqual(membersOf('n1', 'n2'))
    n1.appendReply({ from: 'n3', match: 2 })
    expect(ofType(n1.settle().sent, 'append').some(({ to, entries }) => to === 'n3' && entries.some(({ index }) => index === 3))).toBe(true)
    n1.appendReply({ match: 3 })
    expect(Object.keys(n1.raft.status().progress)).toEqual(['n2'])
  })

  it('a joint step that can not be committed in its time goes back to the old voters', () => {
    const n1 = leading({ raft: { changeLimitMs: 1000 } })
    n1.raft.changeMembership({ remove: 'n3' }, {}, n1.nowMs)
    n1.settle()
    n1.appendReply({ from: 'n3', match: 2 }) // a majority of the old, not of the new
    n1.pass(1000)
    expect(n1.settle().events).toContainEqual(expect.objectContaining({ kind: 'membership', stage: 'undone' }))
    expect(membership(n1)).toEqual(membersOf(...three))
    n1.appendReply({ from: 'n3', match: 3 })
    expect(n1.raft.status().commit).toBe(3)
  })

  it('the leader itself leads until that is committed, then asks the next one to campaign', () => {
    const n1 = leading()
    n1.raft.changeMembership({ remove: 'n1' }, {}, n1.nowMs)
    n1.settle()
    n1.appendReply({ match: 2 })
    n1.appendReply({ from: 'n3', match: 2 })
    n1.settle()
    n1.appendReply({ match: 3 })
    expect(n1.raft.status()).toMatchObject({ role: 'leader', commit: 2 }) // it does not count itself any more
    n1.appendReply({ from: 'n3', match: 3 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', commit: 3 })
    expect(ofType(n1.settle().sent, 'timeoutNow')).toMatchObject([{ to: 'n2' }])
    n1.pass(10_000)
    expect(n1.raft.status().role).toBe('follower')
  })

  it('the last voter, or nobody, is refused', () => {
    const n1 = leading({ voters: ['n1'] })
    expect(n1.raft.changeMembership({ remove: 'n1' }, {}, n1.nowMs)).toEqual({ ok: false, reason: 'last-voter' })
    expect(n1.raft.changeMembership({ remove: 'n2' }, {}, n1.nowMs)).toEqual({ ok: false, reason: 'not-a-member' })
  })
})

describe('changes', () => {
  it('come one at a time, from a leader whose term has committed something', () => {
    const n1 = new Solo()
    expect(n1.raft.changeMembership({ add: 'n4' }, {}, 0)).toMatchObject({ reason: 'not-leader' })
    n1.win()
    expect(n1.raft.changeMembership({ add: 'n4' }, {}, n1.nowMs)).toEqual({ ok: false, reason: 'not-ready' })
    n1.appendReply({ match: 1 })
    n1.appendReply({ from: 'n3', match: 1 })
    n1.raft.changeMembership({ add: 'n4' }, {}, n1.nowMs)
    expect(n1.raft.changeMembership({ remove: 'n3' }, {}, n1.nowMs)).toEqual({ ok: false, reason: 'busy' })
    expect(n1.raft.transfer('n2', n1.nowMs)).toEqual({ ok: false, reason: 'busy' })
  })

  it('are carried on by the next leader, which finds them in its log', () => {
    const n1 = new Solo({ log: [1] })
    const data = encodeMembership(joint(['n1', 'n2'], three))
    n1.append({ term: 1, prevIndex: 1, prevTerm: 1, entries: [{ index: 2, term: 1, type: 'config', data }] })
    n1.settle()
    expect(membership(n1)).toEqual(joint(['n1', 'n2'], three))
    n1.win()
    n1.appendReply({ match: 3 })
    expect(membership(n1)).toEqual(membersOf('n1', 'n2'))
  })

  it('that a new leader overwrites are undone', () => {
    const n1 = new Solo({ log: [1] })
    const data = encodeMembership(joint(['n1', 'n2'], three))
    n1.append({ term: 1, prevIndex: 1, prevTerm: 1, entries: [{ index: 2, term: 1, type: 'config', data }] })
    n1.settle()
    n1.append({ from: 'n3', term: 2, prevIndex: 1, prevTerm: 1, entries: [{ index: 2, term: 2, type: 'noop', data: new Uint8Array(0) }] })
    expect(membership(n1)).toEqual(membersOf(...three))
    expect(n1.settle().events).toContainEqual(expect.objectContaining({ kind: 'membership', stage: 'undone' }))
  })
})

describe('a node without a vote', () => {
  it('never campaigns, but follows and answers', () => {
    const n1 = new Solo({ voters: ['n2', 'n3'] })
    n1.pass(10_000)
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 0 })
    n1.append({ term: 1, from: 'n9' })
    expect(ofType(n1.settle().sent, 'appendReply')).toMatchObject([{ to: 'n9', accepted: true }])
  })

  it('that was removed campaigns while it may be the only one who knows, and leads until all do', () => {
    const n1 = new Solo({ log: [1], voters: ['n1', 'n2'] })
    const config = (index: number, membership: Membership): Entry => ({ index, term: 1, type: 'config', data: encodeMembership(membership) })
    const entries = [config(2, joint(['n2'], ['n1', 'n2'])), config(3, membersOf('n2'))]
    n1.append({ term: 1, prevIndex: 1, prevTerm: 1, commit: 2, entries })
    n1.settle()
    n1.pass(150)
    n1.settle()
    n1.voteReply({ from: 'n2' })
    n1.settle()
    expect(n1.raft.status()).toMatchObject({ role: 'leader', commit: 2, membership: membersOf('n2') })
    n1.appendReply({ match: 4 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', commit: 4 })
    n1.settle()
    n1.pass(1000)
    expect(n1.raft.status().role).toBe('follower')
  })

  it('has no weight in an election', () => {
    const n1 = new Solo({ raft: { learners: ['n4'] } })
    n1.pass(150)
    n1.settle()
    n1.voteReply({ from: 'n4' })
    expect(n1.raft.status().role).toBe('candidate')
    n1.voteReply({ from: 'n2' })
    expect(n1.raft.status().role).toBe('leader')
  })
})

describe('the parts', () => {
  const some = fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e'), { minLength: 1 })
  const isMajority = (set: string[], of: Set<string>): boolean => set.filter((id) => of.has(id)).length * 2 > set.length

  it('a joint ballot is won by both majorities, and a value reached by both', () => {
    fc.assert(
      fc.property(some, some, some, some, (voters, outgoing, yes, no) => {
        const members = joint(voters, outgoing)
        const granted = new Set(yes)
        const refused = new Set(no.filter((id) => !granted.has(id)))
        const isWon = isMajority(voters, granted) && isMajority(outgoing, granted)
        expect(quorumBallot(members, granted, refused) === 'won').toBe(isWon)
        expect(reachedByQuorum(members, (id) => (granted.has(id) ? 1 : 0))).toBe(isWon ? 1 : 0)
        const everybodyElse = new Set(['a', 'b', 'c', 'd', 'e'].filter((id) => !refused.has(id)))
        const canWin = isMajority(voters, everybodyElse) && isMajority(outgoing, everybodyElse)
        expect(quorumBallot(members, granted, refused) === 'lost').toBe(!canWin)
      }),
    )
  })

  it('a membership comes back from its bytes, and nothing else passes for one', () => {
    const all: Membership = { voters: three, outgoing: ['n1'], learners: ['n4', 'n5'], joining: 'n4', learnersBefore: ['n5'] }
    expect(decodeMembership(encodeMembership(all))).toEqual(all)
    expect(decodeMembership(encodeMembership(membersOf('n1')))).toEqual(membersOf('n1'))
    const wrong = ['', '{}', '[1]', '{"voters":[],"outgoing":[],"learners":[]}', '{"voters":["a","a"],"outgoing":[],"learners":[]}']
    for (const text of wrong) expect(() => decodeMembership(new TextEncoder().encode(text))).toThrow(BrokenInvariant)
  })

  it('a history knows who took part where', () => {
    const history = new MembershipHistory(0, 0, membersOf('a'))
    history.append(3, 1, membersOf('b'))
    history.append(6, 1, membersOf('c'))
    expect([0, 2, 3, 5, 6, 9].map((index) => history.at(index).voters[0])).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
    expect([history.truncate(7), history.truncate(6), history.current.voters[0], history.index]).toEqual([false, true, 'b', 3])
    history.compact(4)
    expect(history.at(4).voters).toEqual(['b'])
    expect(() => history.at(2)).toThrow(BrokenInvariant)
  })
})
