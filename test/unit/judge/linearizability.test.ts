import { expect, it } from 'vitest'
import type { Operation } from '@shared/run/operation'
import { checkLinearizable } from '../../../src-main/lab/judge/linearizability/check'
import { append, failed, get, put } from './operations'

const check = (history: Operation[], budgetMs = 10_000) => checkLinearizable(history, { budgetMs, now: () => performance.now() })

it('counts operations and keys, failed ones too', () => {
  const result = check([put(0, 1, 'a'), failed(put(2, 3, 'b', { key: 'other' }))])
  expect(result).toMatchObject({ verdict: 'ok', operations: 2, keys: 2 })
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
