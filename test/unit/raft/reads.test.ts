/** ReadIndex (dissertation §6.4): a read is served only by a leader that was still one after the read was asked. */
import { describe, expect, it } from 'vitest'
import { ofType, Solo } from './solo'

/** n1 leads term 1 of three and has committed its no-op; rounds 1 … `round` are over. */
function leading(options: ConstructorParameters<typeof Solo>[0] = {}): Solo {
  const n1 = new Solo(options)
  n1.win()
  n1.appendReply({ match: 1, round: 1 })
  n1.settle()
  return n1
}

describe('a linearizable read', () => {
  it('begins a round at once, and is served when a quorum echoed it', () => {
    const n1 = leading()
    expect(n1.raft.readIndex(7, n1.nowMs)).toEqual({ ok: true })
    const { sent, reads } = n1.settle()
    expect(ofType(sent, 'append').map(({ to, round }) => [to, round])).toEqual([['n2', 2], ['n3', 2]])
    expect(reads).toEqual([])
    n1.appendReply({ match: 1, round: 2 })
    expect(n1.settle().reads).toEqual([{ read: 7, index: 1 }])
  })

  it('is not served by the echo of a round sent before it was asked', () => {
    const n1 = leading()
    n1.pass(50)
    n1.settle() // round 2 is on its way
    n1.raft.readIndex(7, n1.nowMs)
    n1.settle()
    n1.appendReply({ match: 1, round: 2 })
    expect(n1.settle().reads).toEqual([])
    n1.appendReply({ match: 1, round: 3 })
    expect(n1.settle().reads).toEqual([{ read: 7, index: 1 }])
  })

  it('shares its round with others asked in the same moment; later ones wait for the next', () => {
    const n1 = leading()
    n1.raft.readIndex(1, n1.nowMs)
    n1.raft.readIndex(2, n1.nowMs)
    n1.settle()
    n1.raft.readIndex(3, n1.nowMs)
    expect(ofType(n1.settle().sent, 'append')).toEqual([])
    n1.appendReply({ match: 1, round: 2 })
    const { reads, sent } = n1.settle()
    expect(reads.map(({ read }) => read)).toEqual([1, 2])
    expect(ofType(sent, 'append')[0]).toMatchObject({ round: 3 })
    n1.appendReply({ match: 1, round: 3 })
    expect(n1.settle().reads).toEqual([{ read: 3, index: 1 }])
  })

  it('goes along with the next heartbeat when its round is lost', () => {
    const n1 = leading()
    n1.raft.readIndex(1, n1.nowMs)
    n1.settle()
    n1.raft.readIndex(2, n1.nowMs)
    n1.settle()
    n1.pass(50)
    n1.settle()
    n1.appendReply({ match: 1, round: 3 })
    expect(n1.settle().reads.map(({ read }) => read)).toEqual([1, 2])
  })

  it('waits for the no-op of a new leader, and includes it', () => {
    const n1 = new Solo({ log: [1, 1] })
    n1.win()
    n1.raft.readIndex(7, n1.nowMs)
    n1.settle()
    n1.appendReply({ match: 2, round: 2 })
    expect(n1.settle().reads).toEqual([])
    n1.appendReply({ match: 3, round: 2 })
    expect(n1.settle().reads).toEqual([{ read: 7, index: 3 }])
  })

  it('fails when its leader steps down, once', () => {
    const n1 = leading()
    n1.raft.readIndex(1, n1.nowMs)
    n1.settle()
    n1.raft.readIndex(2, n1.nowMs)
    n1.vote({ from: 'n3', term: 2, lastTerm: 1, lastIndex: 1 })
    expect(n1.settle().failedReads).toEqual([1, 2])
    n1.appendReply({ term: 1, match: 1, round: 2 })
    expect(n1.settle()).toMatchObject({ reads: [], failedReads: [] })
  })

  it('is refused by a follower, with the leader it knows', () => {
    const n1 = new Solo()
    n1.append({ from: 'n3', term: 2 })
    expect(n1.raft.readIndex(1, 0)).toEqual({ ok: false, reason: 'not-leader', leader: 'n3', term: 2 })
  })

  it('of a leader alone is served at once', () => {
    const n1 = new Solo({ voters: ['n1'] })
    n1.win()
    n1.raft.readIndex(1, n1.nowMs)
    expect(n1.settle().reads).toEqual([{ read: 1, index: 1 }])
  })

  it('is not served by an answer to an append of an earlier term, even when that names the term of today', () => {
    const n1 = leading()
    n1.raft.readIndex(1, n1.nowMs)
    n1.settle()
    n1.appendReply({ accepted: false, match: 1, round: 0 }) // n2, then ahead, refused what n1 sent in the term before
    expect(n1.settle().reads).toEqual([])
    expect(n1.raft.status().progress.n2).toMatchObject({ match: 1, next: 2 })
  })

  it('after a pause needs a fresh round even without CheckQuorum: echoes that waited meanwhile prove nothing', () => {
    const n1 = leading()
    n1.pass(50)
    n1.settle()
    n1.nowMs += 10_000 // another leader may have come
    n1.raft.readIndex(1, n1.nowMs)
    n1.appendReply({ match: 1, round: 2 })
    n1.appendReply({ from: 'n3', match: 1, round: 2 })
    expect(n1.settle().reads).toEqual([])
  })
})
