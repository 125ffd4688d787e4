import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Operation } from '@shared/run/operation'
import { checkLinearizable } from '../../../src-main/lab/judge/linearizability/check'
import { WEAKENINGS } from '../../../src-main/lab/judge/linearizability/weakening'
import { KNOWN_HISTORIES } from '../../histories/all'
import { findOrder, isLinearizable } from './brute-force'
import { append, cas, get, put, unknown } from './operations'
import { tinyHistory } from './tiny-history'

const violationOf = (history: Operation[]) => checkLinearizable(history, { budgetMs: 10_000, now: () => performance.now() }).violation

it('names the key, the shortest bad prefix, and of that what is needed', () => {
  const good = [put(0, 1, 'a'), get(1, 2, 'a'), put(2, 3, 'b')]
  const stale = get(4, 5, 'a')
  const after = Array.from({ length: 50 }, (_, i) => get(10 + i, 10.5 + i, 'b'))
  expect(violationOf([...good, stale, ...after])).toEqual({
    key: 'k',
    operations: [good[0], good[2], stale],
    longest_order: [0, 1],
    prefix: { operations: 4, until_ns: stale.end_ns },
  })
})

it('an operation still open at the end of the shortest prefix is shown without its answer', () => {
  const [first, open, fresh, stale] = [put(0, 1, 'a'), put(2, 100, 'b'), get(3, 4, 'b'), get(5, 6, 'a')]
  expect(violationOf([first, open, fresh, stale])?.operations).toEqual([first, unknown(open), fresh, stale])
})

it('writes nobody saw, and what they found, are left out', () => {
  const history = [put(0, 1, 'a'), put(2, 3, 'b', { prior: 'a' }), put(4, 5, 'c', { prior: 'b' }), put(6, 7, 'd', { prior: 'c' }), get(8, 9, 'a')]
  const violation = violationOf(history)!
  expect(violation.prefix.operations).toBe(5)
  expect(violation.operations).toHaveLength(3)
  expect(violation.operations).toEqual([put(0, 1, 'a'), expect.objectContaining({ op: 'put' }), get(8, 9, 'a')])
})

it('what the accusation rests on stays: the value that a write found', () => {
  const lostUpdate = [put(0, 1, 'a'), put(2, 3, 'b'), put(4, 5, 'c', { prior: 'a' })]
  expect(violationOf([...lostUpdate, get(6, 7, 'c')])?.operations).toEqual(lostUpdate)
})

it('of a long history a few operations are left', () => {
  for (const { claim, history, verdict } of KNOWN_HISTORIES) {
    if (verdict === 'ok' || history.length < 100) continue
    expect([claim, violationOf(history)!.operations.length]).toEqual([claim, 3])
  }
})

it('is a violation in itself, by the definition, and so are no fewer reads', () => {
  for (const { claim, history, verdict } of KNOWN_HISTORIES) {
    if (verdict === 'ok' || history.length > 8) continue
    const { operations, longest_order } = violationOf(history)!
    expect([claim, isLinearizable(operations)]).toEqual([claim, false])
    for (const read of operations.filter(({ op }) => op === 'get')) {
      expect([claim, isLinearizable(operations.filter((operation) => operation !== read))]).toEqual([claim, true])
    }
    // what the longest order explains is explained, also by the definition
    const explained = operations.filter((operation, position) => operation.outcome === 'unknown' || longest_order.includes(position))
    expect([claim, new Set(longest_order).size]).toEqual([claim, longest_order.length])
    expect(longest_order.length).toBeLessThan(operations.length)
    expect([claim, findOrder(explained) !== null]).toEqual([claim, true])
  }
})

it('names the longest order, not the one that was tried last', () => {
  const [first, second] = [put(0, 10, 'a'), put(0, 10, 'b')]
  const reads = [get(1, 2, 'a'), get(3, 4, 'b'), get(11, 12, 'a')]
  expect(violationOf([first, second, ...reads])).toMatchObject({ longest_order: [0, 2, 1, 3] })
})

it('no single thing more can be taken from it', () => {
  let violated = 0
  fc.assert(
    fc.property(tinyHistory(6), (history) => {
      const violation = violationOf(history)
      if (violation === undefined) return
      violated++
      for (const { candidates, apply } of WEAKENINGS) {
        for (const one of candidates(violation.operations)) {
          const weaker = apply(violation.operations, new Set([one]))
          expect(weaker === null || isLinearizable(weaker)).toBe(true)
        }
      }
    }),
    { numRuns: 2_000, seed: 5 },
  )
  expect(violated).toBeGreaterThan(300)
})

it('nothing is taken from a history that turns a legal one into an accusation', () => {
  const taken = WEAKENINGS.map(() => 0)
  fc.assert(
    fc.property(tinyHistory(6), fc.integer({ min: 1, max: 63 }), (history, mask) => {
      fc.pre(isLinearizable(history))
      for (const [which, { candidates, apply }] of WEAKENINGS.entries()) {
        const chosen = candidates(history).filter((_, bit) => (mask >> bit) % 2 === 1)
        if (chosen.length === 0) continue
        const weaker = apply(history, new Set(chosen))
        if (weaker === null) continue
        taken[which]!++
        if (!isLinearizable(weaker)) return false
      }
      return true
    }),
    { numRuns: 4_000, seed: 3 },
  )
  expect(Math.min(...taken)).toBeGreaterThan(200)
})

it('a cas that did not swap and does not say what it found keeps the writes it may owe that to', () => {
  const history = [put(0, 1, 'a'), unknown(put(2, 3, 'u')), cas(4, 5, 'a', 'b', false), append(6, 7, 'c', { prior: 'zz' })]
  const [, , withoutUnseenWrites] = WEAKENINGS
  expect(withoutUnseenWrites!.apply(history, new Set([history[1]!]))).toBeNull()
})
