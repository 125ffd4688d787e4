/** Compare and swap. */
import { cas, del, failed, get, put } from '../unit/judge/operations'
import { illegal, legal } from './known'

export const CAS = [
  legal('a cas swaps where the value is the expected one', [put(0, 1, 'a'), cas(2, 3, 'a', 'b', true), get(4, 5, 'b')]),
  legal('a cas leaves another value alone', [put(0, 1, 'a'), cas(2, 3, 'x', 'b', false), get(4, 5, 'a')]),
  legal('a cas that expects absence creates the key', [cas(0, 1, null, 'a', true), get(2, 3, 'a')]),
  legal('a cas that expects absence leaves the empty value alone', [put(0, 1, ''), cas(2, 3, null, 'a', false), get(4, 5, '')]),
  legal('a cas finds absence after a delete', [put(0, 1, 'a'), del(2, 3), cas(4, 5, null, 'b', true, { prior: null })]),
  legal('of two concurrent cas one swaps', [cas(0, 5, null, 'a', true), cas(0, 5, null, 'b', false), get(6, 7, 'a')]),
  legal('two concurrent cas both swap where one makes what the other expects', [cas(0, 5, null, 'a', true), cas(0, 5, 'a', 'b', true), get(6, 7, 'b')]),
  legal('a cas beside a put may come before it', [put(0, 1, 'a'), put(2, 9, 'b'), cas(2, 9, 'a', 'c', true), get(10, 11, 'b')]),
  legal('a cas to the value that is there swaps', [put(0, 1, 'a'), cas(2, 3, 'a', 'a', true), cas(4, 5, 'a', 'b', true)]),
  illegal('a cas swapped against another value', [put(0, 1, 'a'), cas(2, 3, 'x', 'b', true)]),
  illegal('a cas did not swap the expected value', [put(0, 1, 'a'), cas(2, 3, 'a', 'b', false)]),
  illegal('two cas both swapped one absence', [cas(0, 5, null, 'a', true), cas(0, 5, null, 'b', true)]),
  illegal('a lock taken twice: both cas swapped the same value', [put(0, 1, 'free'), cas(2, 9, 'free', 'A', true), cas(2, 9, 'free', 'B', true)]),
  illegal('nobody got the lock: of two cas on a free one neither swapped', [put(0, 1, 'free'), cas(2, 9, 'free', 'A', false), cas(2, 9, 'free', 'B', false)]),
  illegal('a cas that did not swap took effect', [put(0, 1, 'a'), cas(2, 3, 'x', 'b', false), get(4, 5, 'b')]),
  illegal('a failed cas took effect', [put(0, 1, 'a'), failed(cas(2, 3, 'a', 'b', true)), get(4, 5, 'b')]),
  illegal('a cas swapped, and says it found another value', [put(0, 1, 'a'), cas(2, 3, 'a', 'b', true, { prior: 'c' })]),
  illegal('a circle: each of three cas at once swapped what another had made', [cas(0, 9, 'c', 'a', true), cas(0, 9, 'a', 'b', true), cas(0, 9, 'b', 'c', true)]),
]
