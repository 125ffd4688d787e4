/** The small parts under the rules: majority arithmetic and the log, against definitions too slow to use. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RaftLog } from '../../../src-main/raft/log/log'
import { ballotResult, majorityOf, reachedByMajority } from '../../../src-main/raft/quorum/majority'
import { Rounds } from '../../../src-main/raft/tracker/rounds'
import { logOf } from './solo'

describe('a majority', () => {
  it('is more than half, and two of them always share a voter', () => {
    for (let voters = 1; voters <= 9; voters++) {
      expect(majorityOf(voters) * 2).toBeGreaterThan(voters)
      expect((majorityOf(voters) - 1) * 2).toBeLessThanOrEqual(voters)
    }
  })

  it('has reached the highest value that more than half are at or above', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }), (values) => {
        const reached = reachedByMajority([...values])
        const count = (value: number): number => values.filter((other) => other >= value).length
        expect(count(reached) * 2).toBeGreaterThan(values.length)
        for (const higher of values.filter((value) => value > reached)) expect(count(higher) * 2).toBeLessThanOrEqual(values.length)
      }),
    )
  })

  it('decides a ballot as soon as nothing can change it, not before', () => {
    expect(ballotResult(5, 3, 0)).toBe('won')
    expect(ballotResult(5, 2, 2)).toBe('open')
    expect(ballotResult(5, 2, 3)).toBe('lost')
    expect(ballotResult(4, 2, 1)).toBe('open') // half is no majority
    expect(ballotResult(4, 2, 2)).toBe('lost')
    expect(ballotResult(1, 1, 0)).toBe('won')
  })
})

describe('the log', () => {
  const risingTerms = fc.array(fc.nat(3), { maxLength: 30 }).map((steps) => {
    let term = 1
    return steps.map((step) => (term += step === 3 ? 2 : step === 2 ? 1 : 0))
  })

  it('knows first and last index of each term, also after truncation', () => {
    fc.assert(
      fc.property(risingTerms, risingTerms, fc.nat(30), (terms, more, cut) => {
        const log = new RaftLog(logOf(terms))
        let expected = terms
        if (cut >= 1 && cut <= terms.length) {
          log.truncate(cut)
          const base = terms[cut - 2] ?? 0
          expected = [...terms.slice(0, cut - 1), ...more.map((term) => term + base)]
          log.append(logOf(expected).slice(cut - 1))
        }
        expect(log.last).toBe(expected.length)
        for (let term = 0; term <= 70; term++) {
          const first = expected.indexOf(term)
          expect(log.firstOfTerm(term)).toBe(first < 0 ? null : first + 1)
          expect(log.lastOfTerm(term)).toBe(first < 0 ? null : expected.lastIndexOf(term) + 1)
        }
      }),
    )
  })

  it('gives no term beyond its end, and 0 before its beginning', () => {
    const log = new RaftLog(logOf([3]))
    expect([log.term(0), log.term(1), log.term(2)]).toEqual([0, 3, null])
  })

  it('has to be written again from where it was truncated', () => {
    const log = new RaftLog(logOf([1, 1, 1]))
    log.truncate(2)
    expect([log.handed, log.durable]).toEqual([1, 1])
    log.append(logOf([2], 2))
    expect(log.takeUnpersisted().map(({ index, term }) => [index, term])).toEqual([[2, 2]])
    expect(log.takeUnpersisted()).toEqual([])
    expect([log.handed, log.durable]).toEqual([2, 1])
  })
})

describe('a log cut anywhere', () => {
  it('says about what is left exactly what it said before', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(steps, fc.nat(19), (rises, at) => {
        let term = 1
        const terms = rises.map((rise) => (term += rise))
        const cut = at % (terms.length + 1)
        const log = new RaftLog(logOf(terms))
        log.compact(cut)
        expect([log.first, log.last, log.lastTerm]).toEqual([cut + 1, terms.length, terms.at(-1)])
        const left = terms.slice(cut)
        for (let index = 0; index <= terms.length; index++) {
          expect(log.term(index)).toBe(index < cut ? null : (terms[index - 1] ?? 0))
        }
        for (const each of new Set(terms)) {
          const first = left.indexOf(each)
          expect(log.firstOfTerm(each)).toBe(first < 0 ? null : cut + first + 1)
          expect(log.lastOfTerm(each)).toBe(first < 0 ? null : cut + left.lastIndexOf(each) + 1)
        }
      }),
    )
  })
})

describe('rounds', () => {
  it('are dated by when they began, the newest a quorum reached, each once', () => {
    const rounds = new Rounds()
    for (const atMs of [10, 20, 30]) rounds.begin(atMs)
    expect(rounds.acknowledge(2)).toBe(20)
    expect(rounds.acknowledge(2)).toBe(null)
    expect(rounds.acknowledge(1)).toBe(null)
    expect(rounds.begin(40)).toBe(4)
    expect(rounds.acknowledge(4)).toBe(40)
  })

  it('that nobody answers are forgotten at last, and newer ones still dated', () => {
    const rounds = new Rounds()
    for (let i = 1; i <= 10_000; i++) rounds.begin(i)
    expect(rounds.acknowledge(1)).toBe(null)
    expect(rounds.acknowledge(9_999)).toBe(9_999)
    expect(rounds.acknowledge(10_000)).toBe(10_000)
  })
})
