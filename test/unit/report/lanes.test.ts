import { expect, it } from 'vitest'
import { violationLines } from '@shared/run/lane-text'
import { layOut } from '@shared/run/lanes'
import type { Violation } from '@shared/run/violation'
import { cas, del, get, put, unknown } from '../judge/operations'

const violation = (operations: Violation['operations'], longest_order: number[] = []): Violation => ({
  key: 'k',
  operations,
  longest_order,
  prefix: { operations: 9, until_ns: 8e6 },
})

it('a violation is drawn as one lane a client, by what came before what', () => {
  const seen = violation(
    [put(0, 1, 'a', { client: 'A' }), unknown(put(2, 3, 'b', { client: 'B' })), get(4, 5, 'b', { client: 'A' }), get(6, 5000, 'a', { client: 'C' })],
    [0, 1, 2],
  )
  expect(violationLines(seen)).toEqual([
    'no order explains the first 9 operations on key "k", up to 8.000 ms after load start;',
    'these 4 are enough to see it:',
    '',
    '  A  |-1-|       |-3-|',
    '  B          |--------2--------->',
    '  C                      |-4-|',
    '',
    '   1  put "a"              0.000 ms to 1.000 ms',
    '   2  put "b" → no answer  2.000 ms to no end',
    '   3  get → "b"            4.000 ms to 5.000 ms',
    '   4  get → "a"            6.000 ms to 5000.000 ms',
    '',
    'the longest order that fits: 1, 2, 3; nothing that is left can come next',
  ])
})

it('a client with two operations at once has two lanes, one below the other', () => {
  const { lanes } = layOut(violation([put(0, 9, 'a', { client: 'A' }), get(1, 2, null, { client: 'B' }), put(3, 5, 'b', { client: 'A' }), put(10, 11, 'c', { client: 'A' })]))
  expect(lanes.map(({ client, bars }) => [client, bars.map(({ position }) => position)])).toEqual([
    ['A', [0, 3]],
    ['A', [2]],
    ['B', [1]],
  ])
})

it('a bar says what was asked and answered', () => {
  const { lanes } = layOut(violation([
    put(0, 1, '', { prior: null }),
    cas(2, 3, null, 'b', false, { prior: '' }),
    unknown(cas(4, 5, 'b', 'c', true)),
    { ...del(6, 7), client: 'c2' },
    { ...get(8, 9, null), client: 'c2' },
  ]))
  expect(lanes.flatMap(({ bars }) => bars.map(({ label }) => label))).toEqual([
    'put "", before it absent',
    'cas absent to "b" → left as it was, before it ""',
    'cas "b" to "c" → no answer',
    'delete',
    'get → absent',
  ])
})

it('long values are cut where they are still told apart', () => {
  const [one, other] = ['key-1:client:1234', 'key-1:client:1299'].map((head) => head.padEnd(128, '.'))
  const { lanes } = layOut(violation([put(0, 1, one!), get(2, 3, other!)]))
  expect(lanes[0]!.bars.map(({ label }) => label)).toEqual(['put "key-1:client:123…"', 'get → "key-1:client:129…"'])
})
