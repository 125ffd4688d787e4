/** What the step from one membership to the next is called, for whoever watches a change of members. */
import { describe, expect, it } from 'vitest'
import { stageOf } from '../../../src-main/raft/membership/sets'
import type { Membership } from '../../../src-main/raft/types'

const three = ['n1', 'n2', 'n3']
const four = [...three, 'n4']
const plain: Membership = { voters: three, outgoing: [], learners: [] }
const learning: Membership = { ...plain, learners: ['n4'] }
const joining: Membership = { ...learning, joining: 'n4' }
const joint: Membership = { voters: four, outgoing: three, learners: [] }
const grown: Membership = { voters: four, outgoing: [], learners: [] }

describe('the stage of a change of members', () => {
  it('is learner when a node begins to be brought up to date, be it new or a learner already', () => {
    expect(stageOf(plain, joining)).toBe('learner')
    expect(stageOf(plain, learning)).toBe('learner')
    expect(stageOf(learning, joining)).toBe('learner')
  })

  it('is joint, then final, when it becomes a voter', () => {
    expect(stageOf(joining, joint)).toBe('joint')
    expect(stageOf(joint, grown)).toBe('final')
  })

  it('is undone when what was begun is taken back', () => {
    expect(stageOf(joining, plain)).toBe('undone')
    expect(stageOf(joint, plain)).toBe('undone')
    expect(stageOf(joining, learning)).toBe('undone') // it was a learner before
  })

  it('is final when members only go', () => {
    expect(stageOf(learning, plain)).toBe('final')
    expect(stageOf({ voters: three, outgoing: four, learners: [] }, plain)).toBe('final')
  })

  it('is final when a snapshot leaps over the steps between', () => {
    expect(stageOf(joining, grown)).toBe('final')
    expect(stageOf(joint, { ...plain, voters: [...four, 'n5'] })).toBe('final')
  })
})
