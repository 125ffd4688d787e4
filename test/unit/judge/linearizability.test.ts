import { describe, expect, it } from 'vitest'
import type { Operation } from '@shared/run/operation'
import { checkLinearizable } from '../../../src-main/lab/judge/linearizability/check'
import { isLinearizable } from './brute-force'
import { append, cas, del, failed, get, put, unknown } from './operations'

const check = (history: Operation[], budgetMs = 10_000) => checkLinearizable(history, { budgetMs, now: () => performance.now() })

const LEGAL: [string, Operation[]][] = [
  ['nothing at all', []],
  ['a key is absent before anything is written', [get(0, 1, null)]],
  ['a read sees the write before it', [put(0, 1, 'a'), get(2, 3, 'a')]],
  ['a read beside a write may see the old value', [put(0, 10, 'a'), get(1, 2, null)]],
  ['a read beside a write may see the new value', [put(0, 10, 'a'), get(1, 2, 'a')]],
  ['two reads beside a write: old, then new', [put(0, 10, 'a'), get(1, 2, null), get(3, 4, 'a')]],
  ['concurrent writes may fall in either order', [put(0, 10, 'a'), put(0, 10, 'b'), get(11, 12, 'a')]],
  ['concurrent writes, the other order', [put(0, 10, 'a'), put(0, 10, 'b'), get(11, 12, 'b')]],
  ['an answer and a call at the same moment are concurrent', [put(0, 5, 'a'), put(5, 9, 'b'), get(10, 11, 'a')]],
  ['a delete leaves the key absent', [put(0, 1, 'a'), del(2, 3), get(4, 5, null)]],
  ['deleting an absent key is ok', [del(0, 1, { prior: null }), get(2, 3, null)]],
  ['a write names the value before it', [put(0, 1, 'a', { prior: null }), put(2, 3, 'b', { prior: 'a' })]],
  ['a cas swaps where the value is the expected one', [put(0, 1, 'a'), cas(2, 3, 'a', 'b', true), get(4, 5, 'b')]],
  ['a cas leaves another value alone', [put(0, 1, 'a'), cas(2, 3, 'x', 'b', false), get(4, 5, 'a')]],
  ['a cas that expects absence creates the key', [cas(0, 1, null, 'a', true), get(2, 3, 'a')]],
  ['of two concurrent cas one swaps', [cas(0, 5, null, 'a', true), cas(0, 5, null, 'b', false), get(6, 7, 'a')]],
  ['an append creates an absent key', [append(0, 1, 'a'), get(2, 3, 'a')]],
  ['appends add up', [append(0, 1, 'a'), append(2, 3, 'b'), get(4, 5, 'ab')]],
  ['concurrent appends fall in the order that was read', [append(0, 5, 'a'), append(0, 5, 'b'), get(6, 7, 'ba')]],
  ['an unknown write may have happened', [unknown(put(0, 1, 'a')), get(5, 6, 'a')]],
  ['an unknown write may not have happened', [unknown(put(0, 1, 'a')), get(5, 6, null)]],
  ['an unknown write may happen long after', [unknown(put(0, 1, 'a')), get(5, 6, null), get(50, 51, 'a')]],
  ['an unknown write may land after a later one', [unknown(put(0, 1, 'a')), put(5, 6, 'b'), get(7, 8, 'b'), get(9, 10, 'a')]],
  ['an unknown delete may have happened', [put(0, 1, 'a'), unknown(del(2, 3)), get(5, 6, null)]],
  ['an unknown cas may have swapped', [put(0, 1, 'a'), unknown(cas(2, 3, 'a', 'b', true)), get(5, 6, 'b')]],
  [
    'an unknown append is seen as a part',
    [put(0, 1, 'a'), unknown(append(2, 3, 'b')), append(5, 6, 'c', { prior: 'ab' }), get(7, 8, 'abc')],
  ],
  ['an unseen write explains a cas that did not swap', [put(0, 1, 'a'), unknown(put(2, 3, 'z')), cas(4, 5, 'a', 'b', false)]],
  ['an unknown read constrains nothing', [put(0, 1, 'a'), unknown(get(2, 3, 'zzz')), get(4, 5, 'a')]],
  ['a failed write did nothing', [put(0, 1, 'a'), failed(put(2, 3, 'b')), get(4, 5, 'a')]],
  ['keys are judged one by one', [put(0, 1, 'a'), get(2, 3, null, { key: 'other' })]],
  ['the empty value is not absence', [put(0, 1, ''), get(2, 3, '')]],
  [
    'many writes nobody saw again',
    Array.from({ length: 30 }, (_, i) => unknown(put(i, i + 1, `u${i}`))).concat(put(40, 41, 'a'), get(42, 43, 'a')),
  ],
]

const ILLEGAL: [string, Operation[]][] = [
  ['a value nobody wrote', [get(0, 1, 'a')]],
  ['a read that misses the write before it', [put(0, 1, 'a'), get(2, 3, null)]],
  ['a read of the value before the last', [put(0, 1, 'a'), put(2, 3, 'b'), get(4, 5, 'a')]],
  ['new, then old, beside one write', [put(0, 10, 'a'), get(1, 2, 'a'), get(3, 4, null)]],
  ['two readers disagree on the order of two writes', [put(0, 1, 'a'), put(0, 1, 'b'), get(2, 3, 'a'), get(4, 5, 'b')]],
  ['a deleted value comes back', [put(0, 1, 'a'), del(2, 3), get(4, 5, 'a')]],
  ['a delete that was lost', [put(0, 1, 'a'), del(2, 3, { prior: 'a' }), put(4, 5, 'b', { prior: 'a' })]],
  ['a prior that was never there', [put(0, 1, 'a', { prior: 'x' })]],
  ['a lost update shows in the prior', [put(0, 1, 'a'), put(2, 3, 'b'), put(4, 5, 'c', { prior: 'a' })]],
  ['a cas swapped against another value', [put(0, 1, 'a'), cas(2, 3, 'x', 'b', true)]],
  ['a cas did not swap the expected value', [put(0, 1, 'a'), cas(2, 3, 'a', 'b', false)]],
  ['two cas both swapped one absence', [cas(0, 5, null, 'a', true), cas(0, 5, null, 'b', true)]],
  ['a part of an append is missing', [append(0, 1, 'a'), append(2, 3, 'b'), get(4, 5, 'b')]],
  ['appends in an order time forbids', [append(0, 1, 'a'), append(2, 3, 'b'), get(4, 5, 'ba')]],
  ['an append counted twice', [append(0, 1, 'a'), get(2, 3, 'aa')]],
  ['a failed write is seen', [put(0, 1, 'a'), failed(put(2, 3, 'b')), get(4, 5, 'b')]],
  ['an unknown write is seen before it was asked for', [get(0, 1, 'a'), unknown(put(2, 3, 'a'))]],
  ['an unknown write is seen, and then is not', [unknown(put(0, 1, 'a')), get(2, 3, 'a'), get(4, 5, null)]],
  ['an unknown write happens at most once', [unknown(append(0, 1, 'a')), get(2, 3, 'aa')]],
  ['absence read for the empty value', [put(0, 1, ''), get(2, 3, null)]],
  [
    'a stale read among writes nobody saw',
    [put(0, 1, 'a'), put(2, 3, 'b'), ...Array.from({ length: 12 }, (_, i) => unknown(put(4, 5, `u${i}`))), get(9, 10, 'a')],
  ],
  [
    'one bad key among good ones',
    [put(0, 1, 'a', { key: 'x' }), get(2, 3, 'a', { key: 'x' }), put(0, 1, 'a', { key: 'y' }), get(2, 3, null, { key: 'y' })],
  ],
]

describe('a history is linearizable', () => {
  it.each(LEGAL)('%s', (_, history) => expect(check(history).verdict).toBe('ok'))
})

describe('a history is not linearizable', () => {
  it.each(ILLEGAL)('%s', (_, history) => expect(check(history).verdict).toBe('violated'))
})

it('brute force agrees on every hand-made history that is small enough for it', () => {
  const small = (history: Operation[]): boolean => history.length < 8 && new Set(history.map(({ key }) => key)).size <= 1
  for (const [name, history] of LEGAL) if (small(history)) expect([name, isLinearizable(history)]).toEqual([name, true])
  for (const [name, history] of ILLEGAL) if (small(history)) expect([name, isLinearizable(history)]).toEqual([name, false])
})

it('counts operations and keys, failed ones too', () => {
  const result = check([put(0, 1, 'a'), failed(put(2, 3, 'b', { key: 'other' }))])
  expect(result).toMatchObject({ verdict: 'ok', operations: 2, keys: 2 })
})

it('names the key and the shortest bad prefix', () => {
  const good = [put(0, 1, 'a'), put(2, 3, 'b')]
  const stale = get(4, 5, 'a')
  const after = Array.from({ length: 50 }, (_, i) => get(10 + i, 10.5 + i, 'b'))
  const result = check([...good, stale, ...after])
  expect(result.violation).toEqual({ key: 'k', operations: [...good, stale] })
})

it('an operation still open at the end of the shortest prefix is shown without its answer', () => {
  const result = check([put(0, 1, 'a'), put(2, 100, 'b'), get(4, 5, 'x')])
  expect(result.violation?.operations).toEqual([put(0, 1, 'a'), unknown(put(2, 100, 'b')), get(4, 5, 'x')])
})

it('does not guess when the budget is used up', () => {
  let clockMs = 0
  const history = [
    put(0, 1, 'a'),
    ...Array.from({ length: 12 }, (_, i) => append(2, 50, `p${i}`)),
    get(60, 61, 'nothing like it'),
  ]
  const result = checkLinearizable(history, { budgetMs: 1_000, now: () => (clockMs += 50) })
  expect(result.verdict).toBe('unknown')
  expect(result.reason).toContain('k')
})

it('a hard key does not keep an easy one from being judged', () => {
  let clockMs = 0
  const hard = Array.from({ length: 14 }, (_, i) => append(2, 50, `p${i}`, { key: 'hard' })).concat(
    get(60, 61, 'x', { key: 'hard' }),
  )
  const result = checkLinearizable([...hard, put(0, 1, 'a'), get(2, 3, null)], { budgetMs: 2_000, now: () => (clockMs += 20) })
  expect(result).toMatchObject({ verdict: 'violated', violation: { key: 'k' } })
})
