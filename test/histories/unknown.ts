/** Requests without an answer: they may take effect at any later moment, once, or never. */
import { append, cas, del, get, put, unknown } from '../unit/judge/operations'
import { by, illegal, legal } from './known'

const unseen = (count: number) => Array.from({ length: count }, (_, i) => unknown(put(4, 5, `u${i}`)))

export const UNKNOWN = [
  legal('an unknown write may have happened', [unknown(put(0, 1, 'a')), get(5, 6, 'a')]),
  legal('an unknown write may not have happened', [unknown(put(0, 1, 'a')), get(5, 6, null)]),
  legal('an unknown write may happen long after', [unknown(put(0, 1, 'a')), get(5, 6, null), get(50, 51, 'a')]),
  legal('an unknown write may land after a later one', [unknown(put(0, 1, 'a')), put(5, 6, 'b'), get(7, 8, 'b'), get(9, 10, 'a')]),
  legal('an unknown write shows in what the next one found', [put(0, 1, 'a'), unknown(put(2, 3, 'u')), put(4, 5, 'b', { prior: 'u' }), get(6, 7, 'b')]),
  legal('an unknown delete may have happened', [put(0, 1, 'a'), unknown(del(2, 3)), get(5, 6, null)]),
  legal('an unknown delete may come between two reads', [put(0, 1, 'a'), unknown(del(2, 3)), get(5, 6, 'a'), get(7, 8, null)]),
  legal('an unknown cas may have swapped', [put(0, 1, 'a'), unknown(cas(2, 3, 'a', 'b', true)), get(5, 6, 'b')]),
  legal('an unknown cas may wait for its value', [unknown(cas(0, 1, 'a', 'b', true)), get(2, 3, null), put(4, 5, 'a'), get(6, 7, 'b')]),
  legal('an unknown append is seen as a part',
    [put(0, 1, 'a'), unknown(append(2, 3, 'b')), append(5, 6, 'c', { prior: 'ab' }), get(7, 8, 'abc')]),
  legal('two unknown writes are seen in the order they were not asked in', [unknown(put(0, 1, 'a')), unknown(put(2, 3, 'b')), get(4, 5, 'b'), get(6, 7, 'a')]),
  legal('two unknown writes between two answers', [put(0, 1, 'a'), unknown(put(2, 3, 'u')), unknown(append(2, 3, 'v')), get(8, 9, 'uv')]),
  legal('an unseen write explains a cas that did not swap', [put(0, 1, 'a'), unknown(put(2, 3, 'z')), cas(4, 5, 'a', 'b', false)]),
  legal('an unknown read constrains nothing', [put(0, 1, 'a'), unknown(get(2, 3, 'zzz')), get(4, 5, 'a')]),
  legal('many writes nobody saw again', [...unseen(30), put(40, 41, 'a'), get(42, 43, 'a')]),
  illegal('an unknown write is seen before it was asked for', [get(0, 1, 'a'), unknown(put(2, 3, 'a'))]),
  illegal('an unknown write is seen, and then is not', [unknown(put(0, 1, 'a')), get(2, 3, 'a'), get(4, 5, null)]),
  illegal('an unknown write is seen twice, with another between', [unknown(put(0, 1, 'a')), get(2, 3, 'a'), put(4, 5, 'b'), get(6, 7, 'b'), get(8, 9, 'a')]),
  illegal('an unknown append happens at most once', [unknown(append(0, 1, 'a')), get(2, 3, 'aa')]),
  illegal('an unknown append that was retried by another client is counted three times',
    [by('A', unknown(append(0, 1, 'a'))), by('B', append(2, 3, 'a')), by('C', get(4, 5, 'aaa'))]),
  illegal('an unknown delete happens once: it can not take away two values', [put(0, 1, 'a'), unknown(del(2, 3)), get(4, 5, null), put(6, 7, 'b'), get(8, 9, null)]),
  illegal('an unknown cas took effect where its value never was', [put(0, 1, 'a'), unknown(cas(2, 3, 'x', 'b', true)), get(4, 5, 'b')]),
  illegal('an unknown cas can not be what a lock was lost to', [put(0, 1, 'a'), unknown(cas(2, 3, 'x', 'b', true)), cas(4, 5, 'a', 'c', false)]),
  illegal('a stale read among writes nobody saw', [put(0, 1, 'a'), put(2, 3, 'b'), ...unseen(12), get(9, 10, 'a')]),
]
