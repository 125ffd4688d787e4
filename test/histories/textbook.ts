/** What papers and other checkers show with registers. */
import { cas, get, put, unknown } from '../unit/judge/operations'
import { by, illegal, legal, on } from './known'

const HERLIHY_WING = 'Herlihy & Wing 1990, "Linearizability": operations take effect between call and return'
const LAMPORT = 'Lamport 1986, "On Interprocess Communication": regular and atomic registers'
const ATTIYA_WELCH = 'Attiya & Welch 1994, "Sequential Consistency versus Linearizability"'
const PORCUPINE = 'Athalye 2017, "Testing Distributed Systems for Linearizability", put and get'
const KNOSSOS = 'Knossos (Kingsbury), cas-register'
const IRIW = 'Boehm & Adve 2008, independent reads of independent writes'
const LOWE = 'Lowe 2017, "Testing for Linearizability": just-in-time linearization'
const HERLIHY_SHAVIT = 'Herlihy & Shavit, "The Art of Multiprocessor Programming", ch. 3'

export const TEXTBOOK = [
  legal('two writers at once, and each reader may settle on the later of either order',
    [by('A', put(0, 10, 'x')), by('B', put(0, 10, 'y')), by('A', get(11, 20, 'y')), by('B', get(12, 20, 'y'))], HERLIHY_WING),
  illegal('two writers at once, and afterwards their clients see different last values',
    [by('A', put(0, 10, 'x')), by('B', put(0, 10, 'y')), by('A', get(11, 20, 'x')), by('B', get(12, 20, 'y'))], HERLIHY_WING),
  legal('a write that is still open when others read it has taken effect',
    [by('A', put(0, 30, 'x')), by('B', get(5, 10, 'x')), by('C', get(12, 15, 'x'))], HERLIHY_WING),
  legal('a pending call may be completed: its effect was seen',
    [by('A', unknown(put(0, 1, 'x'))), by('B', get(5, 10, 'x')), by('C', get(12, 15, 'x'))], HERLIHY_WING),
  illegal('a register that is regular and not atomic: new, and then old, beside one write',
    [by('W', put(0, 1, 'old')), by('W', put(2, 20, 'new')), by('A', get(3, 5, 'new')), by('B', get(6, 8, 'old'))], LAMPORT),
  legal('a regular read at the same time as a write may bring either, in this order',
    [by('W', put(0, 1, 'old')), by('W', put(2, 20, 'new')), by('A', get(3, 5, 'old')), by('B', get(6, 8, 'new'))], LAMPORT),
  illegal('a register that is only safe: a read beside a write brings what was never written',
    [by('W', put(0, 1, 'old')), by('W', put(2, 20, 'new')), by('A', get(3, 5, 'something else'))], LAMPORT),
  legal('reads that overlap each other and the write may disagree on new and old',
    [by('W', put(0, 20, 'new')), by('A', get(3, 9, 'new')), by('B', get(5, 11, null))], LAMPORT),
  illegal('sequentially consistent and not linearizable: the reader is a step behind, which only real time tells',
    [by('A', put(0, 1, 'x')), by('B', get(2, 3, null)), by('B', get(4, 5, 'x'))], ATTIYA_WELCH),
  illegal('each of two clients writes its own register and then misses the write of the other',
    [by('A', on('x', put(0, 1, '1'))), by('B', on('y', put(0, 1, '1'))), by('A', on('y', get(2, 3, null))), by('B', on('x', get(2, 3, null)))],
    ATTIYA_WELCH),
  legal('the same while the writes are still open: nothing was missed',
    [by('A', on('x', put(0, 9, '1'))), by('B', on('y', put(0, 9, '1'))), by('C', on('y', get(2, 3, null))), by('D', on('x', get(2, 3, null)))],
    ATTIYA_WELCH),
  legal('put, a read of it, and beside both an older read',
    [by('A', put(0, 20, '100')), by('B', get(5, 12, '100')), by('C', get(3, 9, null))], PORCUPINE),
  illegal('put, a read of it, and after that read an older one',
    [by('A', put(0, 20, '100')), by('B', get(5, 8, '100')), by('C', get(10, 15, null))], PORCUPINE),
  legal('a register from which cas takes turns: 0 to 1 to 2',
    [by('A', put(0, 1, '0')), by('B', cas(2, 9, '0', '1', true)), by('C', cas(2, 9, '1', '2', true)), by('D', get(10, 11, '2'))], KNOSSOS),
  illegal('the read misses a cas that swapped',
    [by('A', put(0, 1, '0')), by('B', cas(2, 3, '0', '1', true)), by('C', get(4, 5, '0'))], KNOSSOS),
  illegal('a cas swaps what another had swapped away before',
    [by('A', put(0, 1, '0')), by('B', cas(2, 3, '0', '1', true)), by('C', cas(4, 5, '0', '2', true))], KNOSSOS),
  legal('a crashed writer is concurrent with everything after it',
    [by('A', put(0, 1, '1')), by('B', unknown(put(2, 3, '2'))), by('C', get(10, 11, '1')), by('C', put(12, 13, '3')), by('D', get(90, 91, '2'))], KNOSSOS),
  illegal('a crashed writer takes effect, and then it is taken back',
    [by('A', put(0, 1, '1')), by('B', unknown(put(2, 3, '2'))), by('C', get(10, 11, '2')), by('D', get(12, 13, '1'))], KNOSSOS),
  illegal('two observers see two independent writes in opposite orders',
    [by('A', on('x', put(0, 20, '1'))), by('B', on('y', put(0, 20, '1'))), by('C', on('x', get(1, 4, '1'))), by('C', on('y', get(5, 8, null))),
      by('D', on('y', get(1, 4, '1'))), by('D', on('x', get(5, 8, null)))], IRIW),
  legal('two observers see two independent writes in one order',
    [by('A', on('x', put(0, 20, '1'))), by('B', on('y', put(0, 20, '1'))), by('C', on('x', get(1, 4, '1'))), by('C', on('y', get(5, 8, null))),
      by('D', on('x', get(1, 4, '1'))), by('D', on('y', get(9, 12, '1')))], IRIW),
  legal('the first choice that fits is the wrong one, and the search has to go back',
    [by('A', put(0, 30, 'a')), by('B', put(0, 30, 'b')), by('C', put(0, 30, 'c')), by('D', get(5, 8, 'c')), by('D', get(9, 12, 'a')), by('D', get(40, 41, 'b'))], LOWE),
  illegal('no choice fits: the value read first comes back after the others',
    [by('A', put(0, 30, 'a')), by('B', put(0, 30, 'b')), by('D', get(5, 8, 'a')), by('D', get(9, 12, 'b')), by('D', get(13, 14, 'a'))], LOWE),
  legal('writers and readers at once, and real time still leaves one order',
    [by('A', put(0, 5, '1')), by('B', put(3, 12, '2')), by('A', get(6, 9, '1')), by('C', get(10, 14, '2')), by('A', put(11, 15, '3')), by('B', get(16, 17, '3'))],
    HERLIHY_SHAVIT),
  illegal('the same, but the last reader brings back the first value',
    [by('A', put(0, 5, '1')), by('B', put(3, 12, '2')), by('A', get(6, 9, '1')), by('C', get(10, 14, '2')), by('A', put(11, 15, '3')), by('B', get(16, 17, '1'))],
    HERLIHY_SHAVIT),
]
