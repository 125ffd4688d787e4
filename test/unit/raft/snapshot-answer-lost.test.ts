/** A follower says once that it has restored a snapshot; when that answer is lost, its refusals have to tell the same. */
import { expect, it } from 'vitest'
import { Progress } from '../../../src-main/raft/tracker/progress'

it('a follower that looks for what comes after the snapshot has it, and gets entries again', () => {
  const follower = new Progress('n3', 90, { maxInflight: 4 })
  follower.awaitSnapshot(92)
  expect(follower.rejected(99, 80, 95), 'its log still ends before the snapshot').toBe(false)
  expect(follower.mode).toBe('snapshot')
  expect(follower.rejected(99, 93, 90), 'its log ends where the snapshot does').toBe(true)
  expect(follower.mode).toBe('probe')
  expect(follower.next).toBe(93)
})
