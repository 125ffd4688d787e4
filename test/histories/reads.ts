/** Reads: stale ones, reads that disagree, absence. */
import { del, get, put } from '../unit/judge/operations'
import { by, illegal, legal } from './known'

export const READS = [
  legal('nothing at all', []),
  legal('a key is absent before anything is written', [get(0, 1, null)]),
  legal('a read sees the write before it', [put(0, 1, 'a'), get(2, 3, 'a')]),
  legal('a read beside a write may see the old value', [put(0, 10, 'a'), get(1, 2, null)]),
  legal('a read beside a write may see the new value', [put(0, 10, 'a'), get(1, 2, 'a')]),
  legal('two reads beside a write: old, then new', [put(0, 10, 'a'), get(1, 2, null), get(3, 4, 'a')]),
  legal('a read that began before a write was answered, and ends long after, may be old', [put(0, 1, 'a'), put(2, 5, 'b'), get(4, 50, 'a')]),
  legal('a read that was asked before two writes may see any of the three', [put(0, 1, 'a'), get(2, 9, 'b'), put(3, 4, 'b'), put(5, 6, 'c')]),
  legal('reads of different clients go forward only', [put(0, 1, 'a'), by('B', get(2, 5, 'a')), put(3, 9, 'b'), by('C', get(6, 7, 'b')), by('B', get(8, 9, 'b'))]),
  legal('a call in the very moment of an answer is concurrent with it', [put(0, 5, 'a'), get(5, 6, null)]),
  legal('an operation that took no time is in its moment', [put(3, 3, 'a'), get(4, 4, 'a')]),
  legal('operations that begin at one moment may fall in any order', [put(0, 5, 'a'), get(0, 3, 'a'), get(0, 4, null)]),
  illegal('a value nobody wrote', [get(0, 1, 'a')]),
  illegal('a read that misses the write before it', [put(0, 1, 'a'), get(2, 3, null)]),
  illegal('a read of the value before the last', [put(0, 1, 'a'), put(2, 3, 'b'), get(4, 5, 'a')]),
  illegal('an old leader answers from what it held before a new one took a write',
    [by('A', put(0, 1, 'a')), by('B', put(10, 12, 'b')), by('B', get(13, 14, 'b')), by('A', get(15, 16, 'a'))]),
  illegal('a client misses its own write', [by('A', put(0, 1, 'a')), by('B', put(0, 1, 'b')), by('B', get(2, 3, 'b')), by('A', put(4, 5, 'c')), by('A', get(6, 7, 'b'))]),
  illegal('new, then old, beside one write', [put(0, 10, 'a'), get(1, 2, 'a'), get(3, 4, null)]),
  illegal('two clients read back and forth', [put(0, 1, 'a'), put(2, 90, 'b'), by('B', get(3, 4, 'b')), by('C', get(5, 6, 'a')), by('B', get(7, 8, 'b'))]),
  illegal('two readers disagree on the order of two writes', [put(0, 1, 'a'), put(0, 1, 'b'), get(2, 3, 'a'), get(4, 5, 'b')]),
  illegal('a value is read before anybody asked for it to be written', [get(0, 1, 'a'), put(2, 3, 'a')]),
  illegal('a deleted value comes back', [put(0, 1, 'a'), del(2, 3), get(4, 5, 'a')]),
  illegal('a value is gone, and nobody deleted it', [put(0, 1, 'a'), get(2, 3, 'a'), get(4, 5, null)]),
  illegal('absence read for the empty value', [put(0, 1, ''), get(2, 3, null)]),
  illegal('the empty value read for absence', [get(0, 1, '')]),
]
