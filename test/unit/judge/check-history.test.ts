import { expect, it } from 'vitest'
import { checkHistory } from '../../../src-main/lab/judge/check-history'

const write = '{"client":"c1","key":"k","op":"put","value":"a","outcome":"ok","start_ns":0,"end_ns":5}'
const read = (result: string | null) =>
  JSON.stringify({ client: 'c2', key: 'k', op: 'get', outcome: 'ok', result, start_ns: 10, end_ns: 15 })

it('a history file is judged', () => {
  expect(checkHistory(`${write}\n${read('a')}\n`, 1_000)).toMatchObject({
    verdict: 'ok',
    operations: 2,
    keys: 1,
    seconds: expect.any(Number),
  })
  expect(checkHistory(`${write}\n${read(null)}\n`, 1_000)).toMatchObject({ verdict: 'violated', violation: { key: 'k' } })
})

it('an empty history holds no violation', () =>
  expect(checkHistory('', 1_000)).toMatchObject({ verdict: 'ok', operations: 0, keys: 0 }))

it('a malformed line is named', () => expect(checkHistory(`${write}\n{"client":`, 1_000)).toMatchObject({ error: { line: 2 } }))
