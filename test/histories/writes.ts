/** Puts and deletes, and what they say was there before. */
import { del, failed, get, put } from '../unit/judge/operations'
import { by, illegal, legal } from './known'

export const WRITES = [
  legal('concurrent writes may fall in either order', [put(0, 10, 'a'), put(0, 10, 'b'), get(11, 12, 'a')]),
  legal('concurrent writes, the other order', [put(0, 10, 'a'), put(0, 10, 'b'), get(11, 12, 'b')]),
  legal('an answer and a call at the same moment are concurrent', [put(0, 5, 'a'), put(5, 9, 'b'), get(10, 11, 'a')]),
  legal('a delete leaves the key absent', [put(0, 1, 'a'), del(2, 3), get(4, 5, null)]),
  legal('deleting an absent key is ok', [del(0, 1, { prior: null }), get(2, 3, null)]),
  legal('a delete beside a write leaves either', [put(0, 1, 'a'), del(2, 9), put(2, 9, 'b'), get(10, 11, 'b')]),
  legal('a key that was deleted can be written again', [put(0, 1, 'a'), del(2, 3, { prior: 'a' }), put(4, 5, 'a', { prior: null }), get(6, 7, 'a')]),
  legal('a write names the value before it', [put(0, 1, 'a', { prior: null }), put(2, 3, 'b', { prior: 'a' })]),
  legal('what two writes at once say was there puts them in order', [put(0, 9, 'a', { prior: 'b' }), put(0, 9, 'b', { prior: null }), get(10, 11, 'a')]),
  legal('a value may be written twice', [put(0, 1, 'a'), put(2, 3, 'b'), put(4, 5, 'a'), get(6, 7, 'a')]),
  legal('a failed write did nothing', [put(0, 1, 'a'), failed(put(2, 3, 'b')), get(4, 5, 'a')]),
  legal('the empty value is not absence', [put(0, 1, ''), get(2, 3, '')]),
  illegal('a failed write is seen', [put(0, 1, 'a'), failed(put(2, 3, 'b')), get(4, 5, 'b')]),
  illegal('a failed delete is seen', [put(0, 1, 'a'), failed(del(2, 3)), get(4, 5, null)]),
  illegal('a failed write shows in what the next one found', [put(0, 1, 'a'), failed(put(2, 3, 'b')), put(4, 5, 'c', { prior: 'b' })]),
  illegal('an acknowledged write is lost: the next one found what was there before', [put(0, 1, 'a'), put(2, 3, 'b'), put(4, 5, 'c', { prior: 'a' })]),
  illegal('an acknowledged delete is lost', [put(0, 1, 'a'), del(2, 3, { prior: 'a' }), put(4, 5, 'b', { prior: 'a' })]),
  illegal('a prior that was never there', [put(0, 1, 'a', { prior: 'x' })]),
  illegal('two writes at once both found the key absent', [put(0, 9, 'a', { prior: null }), put(0, 9, 'b', { prior: null })]),
  illegal('two writes at once both found the other one', [put(0, 9, 'a', { prior: 'b' }), put(0, 9, 'b', { prior: 'a' })]),
  illegal('what two writes found puts them in an order that the reader denies',
    [put(0, 9, 'a', { prior: 'b' }), put(0, 9, 'b', { prior: null }), by('B', get(10, 11, 'b'))]),
  illegal('the write that won was read, and then the one that lost', [put(0, 9, 'a'), put(0, 9, 'b'), get(10, 11, 'b'), put(12, 13, 'c', { prior: 'a' })]),
  illegal('a repeated put took effect twice: it overwrote what came between', [put(0, 1, 'a'), put(2, 3, 'b', { prior: 'a' }), get(4, 5, 'b'), get(6, 7, 'a')]),
]
