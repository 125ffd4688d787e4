/** Several keys, and histories longer than one reads. */
import type { Operation } from '@shared/run/operation'
import { failed, get, put } from '../unit/judge/operations'
import { illegal, legal, on } from './known'

/** Two hundred writes one after the other, each with a read beside it and one behind it. */
const long: Operation[] = Array.from({ length: 200 }, (_, i) => [
  put(10 * i, 10 * i + 5, `v${i}`, { prior: i === 0 ? null : `v${i - 1}` }),
  get(10 * i + 1, 10 * i + 4, i % 2 === 0 || i === 0 ? `v${i}` : `v${i - 1}`),
  get(10 * i + 6, 10 * i + 9, `v${i}`),
]).flat()

export const KEYS = [
  legal('keys are judged one by one', [put(0, 1, 'a'), on('other', get(2, 3, null))]),
  legal('one value on two keys is two values', [on('x', put(0, 1, 'a')), on('y', put(0, 1, 'a')), on('x', get(2, 3, 'a')), on('y', get(2, 3, 'a'))]),
  legal('a key of which only failed operations are known', [on('x', failed(put(0, 1, 'a'))), put(2, 3, 'b')]),
  legal('a long history of one writer and two readers', long),
  illegal('a value of one key is read under another', [on('x', put(0, 1, 'a')), on('y', get(2, 3, 'a'))]),
  illegal('one bad key among good ones', [on('x', put(0, 1, 'a')), on('x', get(2, 3, 'a')), on('y', put(0, 1, 'a')), on('y', get(2, 3, null))]),
  illegal('a long history with one read in it that is one write behind', [...long, put(3000, 3001, 'new'), get(3002, 3003, 'v199'), get(3004, 3005, 'new')]),
  illegal('a long history in which one write found what was overwritten long before', [...long, put(3000, 3001, 'new', { prior: 'v17' })]),
]
