import { expect, it } from 'vitest'
import type { Operation } from '@shared/run/operation'
import { countWritten, dropUnobserved } from '../../../src-main/lab/judge/linearizability/dropping'
import { append, cas, del, get, put, unknown } from './operations'

const drop = (history: Operation[], wholeHistory = history) => dropUnobserved(history, countWritten(wholeHistory))
const lost = unknown(put(0, 1, 'u'))

it('an unknown put that nobody saw is left out', () => {
  const seen = [put(2, 3, 'a'), get(4, 5, 'a')]
  expect(drop([lost, ...seen])).toEqual(seen)
})

it('an unknown put stays when its value is in a result, a prior or an expect', () => {
  for (const witness of [get(4, 5, 'u'), put(4, 5, 'b', { prior: 'u' }), cas(4, 5, 'u', 'b', true, { prior: 'u' })]) {
    expect(drop([lost, witness])).toContain(lost)
  }
})

it('an unknown append stays when its value is a part of what was seen', () => {
  const part = unknown(append(0, 1, 'u'))
  expect(drop([part, get(4, 5, 'aub')])).toContain(part)
  expect(drop([part, get(4, 5, 'ab')])).not.toContain(part)
})

it('a value written twice, on any key, is no evidence: the write stays', () => {
  expect(drop([lost], [lost, put(9, 10, 'u', { key: 'other' })])).toContain(lost)
})

it('where a cas or an append has no prior, nothing is left out', () => {
  expect(drop([lost, cas(2, 3, 'a', 'b', false)])).toContain(lost)
  expect(drop([lost, append(2, 3, 'a'), put(4, 5, 'b')])).toContain(lost)
  expect(drop([lost, cas(2, 3, 'a', 'b', false, { prior: 'c' })])).not.toContain(lost)
})

it('an unknown delete or cas leaves no mark and always stays, an unknown get never does', () => {
  const [gone, swap, read] = [unknown(del(0, 1)), unknown(cas(0, 1, 'a', 'u', true)), unknown(get(0, 1, 'a'))]
  const kept = drop([gone, swap, read, put(2, 3, 'b', { prior: null })])
  expect(kept).toEqual(expect.arrayContaining([gone, swap]))
  expect(kept).not.toContain(read)
})
