import { describe, expect, it } from 'vitest'
import type { Operation } from '@shared/run/operation'
import { drawIndex, seededRandom } from '@shared/stats/random'
import { checkLinearizable } from '../../../src-main/lab/judge/linearizability/check'
import { KNOWN_HISTORIES } from '../../histories/all'
import { findOrder } from './brute-force'

const check = (history: Operation[], usesIndex = true) =>
  checkLinearizable(history, { budgetMs: 10_000, now: () => performance.now(), usesIndex })

/** brute force takes no more */
const SMALL_MAX = 8

const keysOf = (history: Operation[]): string[] => [...new Set(history.map(({ key }) => key))]
const isSmall = (history: Operation[]): boolean => history.length <= SMALL_MAX

/** Every answer gets its place in this order as its log index. */
function indexed(history: Operation[], order: readonly Operation[]): Operation[] {
  const places = new Map(order.map((operation, place) => [operation, place + 1]))
  return history.map((operation) =>
    operation.outcome === 'ok' && places.has(operation) ? { ...operation, index: places.get(operation)! } : operation,
  )
}

/** @returns the operations of all keys, those of each in an order that explains them; null where there is none */
function trueOrder(history: Operation[]): Operation[] | null {
  const orders = keysOf(history).map((key) => findOrder(history.filter((operation) => operation.key === key)))
  return orders.some((order) => order === null) ? null : orders.flatMap((order) => order!)
}

function shuffled(history: Operation[], seed: number): Operation[] {
  const random = seededRandom(seed, 'shuffle')
  const left = [...history]
  return history.map(() => left.splice(drawIndex(random, left.length), 1)[0]!)
}

const endOf = ({ end_ns }: Operation): number => end_ns ?? Infinity

describe('the verdict on a history that is', () => {
  it.each(KNOWN_HISTORIES.map((known) => [known.verdict, known.claim, known] as const))('%s: %s', (verdict, _, { history }) => {
    expect(check(history).verdict, 'without an index').toBe(verdict)
    const orders: [string, Operation[]][] = [
      ['of their starts', [...history].sort((a, b) => a.start_ns - b.start_ns)],
      ['of their ends', [...history].sort((a, b) => endOf(a) - endOf(b))],
      ['of their ends, backwards', [...history].sort((a, b) => endOf(b) - endOf(a))],
      ...[1, 2, 3].map((seed): [string, Operation[]] => [`drawn from seed ${seed}`, shuffled(history, seed)]),
    ]
    for (const [name, order] of orders) {
      const withIndex = indexed(history, order)
      expect(check(withIndex).verdict, `with indexes in the order ${name}`).toBe(verdict)
      expect(check(withIndex, false), 'where the index is not to be used').toMatchObject({ verdict, keys_by_index: 0 })
    }
  })
})

it('the definition, spelt out, says the same of every small one', () => {
  for (const { claim, verdict, history } of KNOWN_HISTORIES.filter((known) => isSmall(known.history))) {
    expect([claim, trueOrder(history) === null ? 'violated' : 'ok']).toEqual([claim, verdict])
  }
})

it('the true indexes of a legal one explain it without a search, but where two writes of unknown fate follow each other', () => {
  const searched: string[] = []
  for (const { claim, history } of KNOWN_HISTORIES.filter((known) => known.verdict === 'ok' && isSmall(known.history))) {
    const { keys, keys_by_index } = check(indexed(history, trueOrder(history)!))
    if (keys_by_index < keys) searched.push(claim)
  }
  expect(searched).toEqual(['two unknown writes between two answers'])
})

it('there are many of both kinds, and no claim is made twice', () => {
  const count = (verdict: string): number => KNOWN_HISTORIES.filter((known) => known.verdict === verdict).length
  expect(Math.min(count('ok'), count('violated'))).toBeGreaterThanOrEqual(50)
  expect(new Set(KNOWN_HISTORIES.map(({ claim }) => claim)).size).toBe(KNOWN_HISTORIES.length)
})
