/** Appends: the only write whose repetition can be seen in what it leaves. */
import { append, del, failed, get, put } from '../unit/judge/operations'
import { by, illegal, legal } from './known'

export const APPENDS = [
  legal('an append creates an absent key', [append(0, 1, 'a'), get(2, 3, 'a')]),
  legal('appends add up', [append(0, 1, 'a'), append(2, 3, 'b'), get(4, 5, 'ab')]),
  legal('concurrent appends fall in the order that was read', [append(0, 5, 'a'), append(0, 5, 'b'), get(6, 7, 'ba')]),
  legal('a reader watches a list grow', [append(0, 9, 'a'), append(0, 9, 'b'), get(1, 2, null), get(3, 4, 'b'), get(5, 8, 'ba')]),
  legal('an append to what a put left', [put(0, 1, 'a'), append(2, 3, 'b', { prior: 'a' }), get(4, 5, 'ab')]),
  legal('an append after a delete begins anew', [append(0, 1, 'a'), del(2, 3), append(4, 5, 'b', { prior: null }), get(6, 7, 'b')]),
  legal('an append of nothing creates the key', [append(0, 1, ''), get(2, 3, '')]),
  illegal('a part of an append is missing', [append(0, 1, 'a'), append(2, 3, 'b'), get(4, 5, 'b')]),
  illegal('appends in an order time forbids', [append(0, 1, 'a'), append(2, 3, 'b'), get(4, 5, 'ba')]),
  illegal('an append counted twice', [append(0, 1, 'a'), get(2, 3, 'aa')]),
  illegal('a retried append was executed twice, seen by the next one', [append(0, 1, 'a'), append(2, 3, 'b', { prior: 'a' }), append(4, 5, 'c', { prior: 'abb' })]),
  illegal('two readers saw two appends in opposite orders', [append(0, 9, 'a'), append(0, 9, 'b'), by('B', get(1, 8, 'ab')), by('C', get(1, 8, 'ba'))]),
  illegal('a failed append is a part of what is read', [append(0, 1, 'a'), failed(append(2, 3, 'b')), append(4, 5, 'c'), get(6, 7, 'abc')]),
  illegal('a list that shrinks', [append(0, 1, 'a'), append(2, 20, 'b'), get(3, 4, 'ab'), get(5, 6, 'a')]),
]
