/** A follower says once that it has restored a snapshot; when that answer is lost, its refusals have to tell the same. */
import { expect, it } from 'vitest'
import { Progress } from '../../../src-main/raft/tracker/progress'
import { ofType, Solo } from './solo'

it('a follower that looks for what comes after the snapshot has it, and gets entries again', () => {
  const follower = new Progress('n3', 90, { maxInflight: 4 })
  follower.awaitSnapshot(92)
  expect(follower.rejected(99, 80, 95), 'its log still ends before the snapshot').toBe(false)
  expect(follower.mode).toBe('snapshot')
  expect(follower.rejected(99, 93, 90), 'its log ends where the snapshot does').toBe(true)
  expect(follower.mode).toBe('probe')
  expect(follower.next).toBe(93)
})

it('a follower that knows more than the snapshot never points back into it: what it has committed is the same everywhere', () => {
  const n1 = new Solo({ log: [1, 1, 1, 1, 1] })
  n1.append({ from: 'n2', term: 1, prevIndex: 3, prevTerm: 1, commit: 3 })
  n1.settle()
  // n3 leads now; it overwrote 4 and 5, and has cut its log behind them
  n1.append({ from: 'n3', term: 3, prevIndex: 5, prevTerm: 2, commit: 6 })
  const [refusal] = ofType(n1.settle().sent, 'appendReply')
  expect(refusal).toMatchObject({ accepted: false, match: 5, conflictTerm: 1, conflictIndex: 4 })

  const follower = new Progress('n1', 6, { maxInflight: 4, maxInflightBytes: 1024 * 1024 })
  follower.awaitSnapshot(3) // already known there, and nobody will say so again
  expect(follower.rejected(refusal!.match, refusal!.conflictIndex, 6)).toBe(true)
  expect(follower.mode, 'so that it gets a newer one').toBe('probe')
})
