import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Operation } from '@shared/run/operation'
import type { RunEvent } from '@shared/run/event'
import { logCuts } from '../../../src-main/lab/judge/forced-members'
import { findLostWrites } from '../../../src-main/lab/judge/lost-writes'
import { append, cas, del, failed, get, put, recorded, unknown } from './operations'

const lost = (...history: Operation[]) =>
  findLostWrites(history.map((operation) => recorded(operation))).map(({ value }) => value)
const A = put(0, 1, 'a', { index: 5, prior: null })

describe('lost', () => {
  it('a later write found something else before it', () =>
    expect(lost(A, put(2, 3, 'b', { index: 6, prior: null }))).toEqual(['a']))
  it('a later read shows the key as it was before', () => expect(lost(A, get(2, 3, null, { index: 6 }))).toEqual(['a']))
  it('a cas that did not swap saw it missing', () =>
    expect(lost(A, cas(2, 3, 'a', 'x', false, { index: 7, prior: null }))).toEqual(['a']))
  it('an append is missing from the next prior', () =>
    expect(lost(A, append(2, 3, 'b', { index: 6, prior: 'a' }), put(4, 5, 'c', { index: 7, prior: 'a' }))).toEqual(['b']))
  it('two were acknowledged at one place of the log', () =>
    expect(lost(A, put(2, 3, 'b', { index: 5, key: 'other', prior: null }))).toEqual(['a']))
  it('each lost write counts once, however often its absence was seen', () =>
    expect(
      lost(A, get(2, 3, null, { index: 6 }), get(4, 5, null, { index: 6 }), put(6, 7, 'b', { index: 8, prior: null })),
    ).toEqual(['a']))
  it('an unknown write of another value is no excuse', () =>
    expect(lost(A, unknown(put(1, 2, 'u')), get(4, 5, null, { index: 6 }))).toEqual(['a']))
})

describe('behind the end of a log that an operator made the only one', () => {
  const forced = (node: string, atNs: number, index: number): RunEvent => ({
    atNs, kind: 'membership', node, term: 4, index, stage: 'forced', voters: ['d', 'e'], outgoing: [], learners: [],
  })
  const leads = (node: string, atNs: number): RunEvent => ({ atNs, kind: 'role', node, role: 'leader', term: 5, leader: node })

  it('whatever was acknowledged before is lost, whether anybody looks for it or not', () => {
    const cuts = logCuts([forced('d', 110e6, 5), forced('e', 112e6, 4), leads('d', 120e6), leads('e', 500e6)], 10e6)
    expect(cuts).toEqual([{ atNs: 100e6, lastIndex: 5 }])
    const operations = [put(0, 1, 'kept', { index: 5 }), put(2, 3, 'gone', { index: 6, key: 'other' }), put(200, 210, 'new', { index: 8 })]
    expect(findLostWrites(operations.map((operation) => recorded(operation)), cuts).map(({ value }) => value)).toEqual(['gone'])
  })

  it('places that were given away again accuse nobody of what was written to them afterwards', () => {
    const cut = [{ atNs: 100e6, lastIndex: 5 }]
    const before = [put(0, 1, 'a', { index: 5 }), put(2, 3, 'b', { index: 6, prior: 'a' }), get(3, 4, 'b', { index: 5 }), put(5, 6, 'c', { index: 9, prior: 'b' }), get(7, 8, 'c', { index: 9 })]
    const after = [put(200, 201, 'd', { index: 8, prior: 'a' }), get(202, 203, 'd', { index: 8 }), put(204, 205, 'e', { index: 9, prior: 'd' })]
    expect(findLostWrites([...before, ...after].map((operation) => recorded(operation)), cut).map(({ value }) => value)).toEqual(['b', 'c'])
  })

  it('nothing is cut by a word that nobody leads by', () => expect(logCuts([leads('d', 1), forced('d', 2, 5)], 0)).toEqual([]))
})

describe('not lost', () => {
  it('overwritten in the order of the log', () =>
    expect(lost(A, put(2, 3, 'b', { index: 6, prior: 'a' }), get(4, 5, 'b', { index: 6 }))).toEqual([]))
  it('a delete leaves nothing', () =>
    expect(lost(A, del(2, 3, { index: 6, prior: 'a' }), get(4, 5, null, { index: 6 }))).toEqual([]))
  it('an unknown write could have left what was seen', () => {
    expect(lost(A, unknown(put(1, 2, 'u')), put(4, 5, 'b', { index: 9, prior: 'u' }))).toEqual([])
    expect(lost(A, unknown(del(1, 2)), get(4, 5, null, { index: 9 }))).toEqual([])
    expect(lost(A, unknown(append(1, 2, 'u')), get(4, 5, 'au', { index: 9 }))).toEqual([])
    expect(lost(A, unknown(cas(1, 2, 'a', 'u', true)), get(4, 5, 'u', { index: 9 }))).toEqual([])
  })
  it('even a write that was told to have failed: that is another accusation', () =>
    expect(lost(A, failed(put(1, 2, 'u')), get(4, 5, 'u', { index: 9 }))).toEqual([]))
  it('a read that was answered from before the write is stale, not a loss', () =>
    expect(lost(A, get(2, 3, null, { index: 4 }))).toEqual([]))
  it('a read may show more than its index says', () =>
    expect(lost(A, put(2, 3, 'b', { index: 9, prior: 'a' }), get(4, 5, 'b', { index: 6 }))).toEqual([]))
  it('without index or prior nobody is accused', () =>
    expect(lost(put(0, 1, 'a'), get(2, 3, null), put(4, 5, 'b', { index: 9 }))).toEqual([]))
  it('an append that did not say what it was appended to is not guessed', () =>
    expect(lost(append(0, 1, 'a', { index: 5 }), get(2, 3, 'xa', { index: 6 }))).toEqual([]))
})

it('a log that keeps its promises is never accused, whatever was unknown', () => {
  const operation = fc.record({
    op: fc.constantFrom('put', 'delete', 'append', 'cas', 'get'),
    key: fc.constantFrom('x', 'y'),
    fate: fc.constantFrom('ok', 'ok', 'ok', 'applied-unknown', 'lost-unknown'),
    hits: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (steps) => {
      const store = new Map<string, string>()
      const history: Operation[] = []
      steps.forEach(({ op, key, fate, hits }, i) => {
        const before = store.get(key) ?? null
        const asked = { key, index: i + 1 }
        const prior = op === 'get' ? {} : { prior: before }
        const value = `v${i}.`
        const made: Record<typeof op, Operation> = {
          put: put(i * 10, i * 10 + 5, value, { ...asked, ...prior }),
          delete: del(i * 10, i * 10 + 5, { ...asked, ...prior }),
          append: append(i * 10, i * 10 + 5, value, { ...asked, ...prior }),
          cas: cas(i * 10, i * 10 + 5, hits ? before : 'never', value, hits, { ...asked, ...prior }),
          get: get(i * 10, i * 10 + 5, before, asked),
        }
        history.push(fate === 'ok' ? made[op]! : unknown(made[op]!))
        if (fate === 'lost-unknown') return
        if (op === 'put' || (op === 'cas' && hits)) store.set(key, value)
        if (op === 'append') store.set(key, (before ?? '') + value)
        if (op === 'delete') store.delete(key)
      })
      return lost(...history).length === 0
    }),
    { numRuns: 500, seed: 3 },
  )
})
