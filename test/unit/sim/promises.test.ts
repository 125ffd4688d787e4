/** Coverage is a promise: a run that misses it says so. */
import { describe, expect, it } from 'vitest'
import { Chronicle } from '../../../src-main/sim/chronicle'
import { COVERED, Coverage, type Covered } from '../../../src-main/sim/coverage'
import { brokenPromises } from '../../../src-main/sim/promises'
import type { CoreEvent } from '../../../src-main/raft/types'

/** A tally in which every event was met in every seed, but for these. */
function tallyOf(seeds: number, but: Partial<Record<Covered, number>>) {
  return { seeds, coverage: { ...Object.fromEntries(COVERED.map((event) => [event, seeds])), ...but } }
}

describe('the promises of coverage', () => {
  it('are kept when everything was met, whatever the judge could not decide', () => {
    expect(brokenPromises(tallyOf(1000, { 'history undecided': 0 }))).toEqual([])
  })

  it('name what a world owes and a single seed missed', () => {
    expect(brokenPromises(tallyOf(1000, { 'two network faults': 999 }))).toEqual([
      'two network faults: met in 999 of 1000 seeds, at least 1000 were promised',
    ])
  })

  it('ask half of the seeds for a snapshot installed or a change of members finished', () => {
    const event = 'snapshot installed or membership change finished'
    expect(brokenPromises(tallyOf(1001, { [event]: 501 }))).toEqual([])
    expect(brokenPromises(tallyOf(1001, { [event]: 500 }))).toEqual([`${event}: met in 500 of 1001 seeds, at least 501 were promised`])
  })

  it('ask that every other line is met somewhere', () => {
    const { 'timeout adapted': _adapted, ...coverage } = tallyOf(1000, {}).coverage
    expect(brokenPromises({ seeds: 1000, coverage })).toEqual(['timeout adapted: met in 0 of 1000 seeds, at least 1 were promised'])
    expect(brokenPromises({ seeds: 999, coverage }), 'a short run may miss what is rare').toEqual([])
  })
})

describe('a change of members', () => {
  const last = (index: number, voters: string[]): CoreEvent => {
    return { kind: 'membership', term: 2, index, membership: { voters, outgoing: [], learners: [] }, stage: 'final' }
  }
  const endOf = (isCommitted: (index: number) => boolean): Covered[] => {
    const coverage = new Coverage()
    const chronicle = new Chronicle(coverage, 3)
    chronicle.take(true, last(7, ['n1', 'n2', 'n3', 'n4']))
    chronicle.take(false, last(9, ['n1', 'n2', 'n3']))
    chronicle.end(isCommitted)
    return coverage.events()
  }

  it('is finished when its last step is committed, and not when a leader has only begun it', () => {
    expect(endOf(() => false)).toEqual([])
    expect(endOf((index) => index === 7)).toEqual(['membership change finished', 'node added'])
  })
})
