import { expect, it } from 'vitest'
import type { Operation } from '@shared/run/operation'
import { checkLinearizable } from '../../../src-main/lab/judge/linearizability/check'
import { isLogOrderLinearization } from '../../../src-main/lab/judge/linearizability/log-order'
import { append, cas, del, get, put, unknown } from './operations'

const at = (index: number, operation: Operation): Operation => ({ ...operation, index })
const verdictOf = (history: Operation[]) => checkLinearizable(history, { budgetMs: 10_000, now: () => performance.now() })

it('the log tells the order of what went on at once', () => {
  const history = [at(2, put(0, 9, 'a')), at(1, put(0, 9, 'b')), at(1, get(1, 3, 'b')), at(2, get(4, 8, 'a'))]
  expect(isLogOrderLinearization(history)).toBe(true)
  expect(verdictOf(history)).toMatchObject({ verdict: 'ok', keys: 1, keys_by_index: 1 })
})

it('a read stands behind the write of its index, and reads of one index in order of time', () => {
  expect(isLogOrderLinearization([at(7, get(0, 4, 'a')), at(7, put(1, 5, 'a'))])).toBe(true)
  expect(isLogOrderLinearization([at(7, put(0, 1, 'a')), at(7, get(8, 9, 'a')), at(7, get(2, 3, 'a'))])).toBe(true)
})

it('an order that time forbids is none, whatever the register says of it', () => {
  const history = [at(2, put(0, 1, 'a')), at(1, put(2, 3, 'b')), at(2, get(4, 5, 'a'))]
  expect(isLogOrderLinearization(history)).toBe(false)
  expect(verdictOf(history)).toMatchObject({ verdict: 'violated', keys_by_index: 0 })
})

it('an order that the register forbids is none', () => {
  expect(isLogOrderLinearization([at(1, put(0, 1, 'a')), at(2, put(2, 3, 'b')), at(2, get(4, 5, 'a'))])).toBe(false)
})

it('a wrong index accuses nobody: the search finds another order', () => {
  const history = [at(2, put(0, 1, 'a')), at(1, get(2, 3, 'a'))]
  expect(isLogOrderLinearization(history)).toBe(false)
  expect(verdictOf(history)).toMatchObject({ verdict: 'ok', keys: 1, keys_by_index: 0 })
})

it('a write of unknown fate stands where its effect was seen', () => {
  for (const lost of [unknown(put(2, 3, 'u')), unknown(cas(2, 3, 'a', 'u', true))]) {
    expect(isLogOrderLinearization([at(1, put(0, 1, 'a')), lost, at(3, put(4, 5, 'b', { prior: 'u' })), at(3, get(6, 7, 'b'))])).toBe(true)
  }
  expect(isLogOrderLinearization([at(1, put(0, 1, 'a')), unknown(del(2, 3)), at(2, get(4, 5, null))])).toBe(true)
  expect(isLogOrderLinearization([at(1, put(0, 1, 'a')), unknown(append(2, 3, 'u')), at(2, get(4, 5, 'au'))])).toBe(true)
})

it('a write of unknown fate happens once, and not before it was asked for', () => {
  const lost = unknown(append(4, 5, 'u'))
  expect(isLogOrderLinearization([at(1, put(0, 1, 'a')), lost, at(3, get(6, 7, 'au')), at(3, get(8, 9, 'auu'))])).toBe(false)
  expect(isLogOrderLinearization([at(1, put(0, 1, 'a')), at(2, get(2, 3, 'au')), lost])).toBe(false)
})

it('says nothing where an answer has no index', () => {
  expect(isLogOrderLinearization([at(1, put(0, 1, 'a')), get(2, 3, 'a')])).toBe(false)
  expect(isLogOrderLinearization([])).toBe(true)
})
