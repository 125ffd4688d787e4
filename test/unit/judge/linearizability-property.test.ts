import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Operation, OperationKind } from '@shared/run/operation'
import { drawIndex, seededRandom } from '@shared/stats/random'
import { checkLinearizable } from '../../../src-main/lab/judge/linearizability/check'
import { isLinearizable } from './brute-force'
import { tinyHistory } from './tiny-history'

const check = (history: Operation[], usesIndex = true) =>
  checkLinearizable(history, { budgetMs: 15_000, now: () => performance.now(), usesIndex })

/** A real register asked by clients at once: each operation takes effect at a random moment between call and return. */
function simulate(seed: number, count: number, keys: number, options: { priors: boolean; unknownShare: number }): Operation[] {
  const random = seededRandom(seed, 'register')
  const kinds: OperationKind[] = ['get', 'get', 'put', 'put', 'delete', 'cas', 'append']
  const planned = Array.from({ length: count }, (_, i) => {
    const start = i * 10 + drawIndex(random, 10)
    const isUnknown = random() < options.unknownShare
    const end = start + 1 + drawIndex(random, 45)
    // what nobody heard of may take effect much later, or never
    const effect = isUnknown ? (random() < 0.5 ? Infinity : start + random() * 500) : start + random() * (end - start)
    return { i, start, end, effect, isUnknown, op: kinds[drawIndex(random, kinds.length)]!, key: `k${drawIndex(random, keys)}` }
  })
  const store = new Map<string, string>()
  const lately = new Map<string, string | null>()
  const history: Operation[] = []
  let index = 0
  for (const { i, start, end, effect, isUnknown, op, key } of [...planned].sort((a, b) => a.effect - b.effect)) {
    const before = store.get(key) ?? null
    const value = `v${i};`
    const expected = random() < 0.6 ? before : (lately.get(key) ?? null)
    const asked = { client: `c${i % 7}`, key, op, start_ns: start }
    const written = op === 'get' || op === 'delete' ? {} : { value, ...(op === 'cas' && { expect: expected }) }
    const swapped = op === 'cas' && before === expected
    if (effect !== Infinity) {
      if (op !== 'get') index++
      if (op === 'put' || swapped) store.set(key, value)
      if (op === 'append') store.set(key, (before ?? '') + value)
      if (op === 'delete') store.delete(key)
      lately.set(key, before)
    }
    if (isUnknown) history.push({ ...asked, ...written, outcome: 'unknown', end_ns: null })
    else {
      const answer =
        op === 'get' ? { result: before } : { ...(options.priors && { prior: before }), ...(op === 'cas' && { swapped }) }
      history.push({ ...asked, ...written, ...answer, outcome: 'ok', index, end_ns: end })
    }
  }
  return history.sort((a, b) => a.start_ns - b.start_ns)
}

describe('what a real register answered', () => {
  it('is linearizable, with priors', () => {
    for (let seed = 0; seed < 60; seed++) {
      const history = simulate(seed, 300, 3, { priors: true, unknownShare: 0.05 })
      for (const usesIndex of [true, false]) expect([seed, usesIndex, check(history, usesIndex).verdict]).toEqual([seed, usesIndex, 'ok'])
    }
  })

  it('is linearizable, without priors', () => {
    for (let seed = 0; seed < 40; seed++) {
      const history = simulate(seed, 120, 3, { priors: false, unknownShare: 0.03 })
      for (const usesIndex of [true, false]) expect([seed, usesIndex, check(history, usesIndex).verdict]).toEqual([seed, usesIndex, 'ok'])
    }
  })

  it('is a violation once one read returns a value that was overwritten long before', () => {
    let mutated = 0
    for (let seed = 0; seed < 60; seed++) {
      const history = simulate(seed, 300, 3, { priors: true, unknownShare: 0.05 })
      const read = history.findLast(({ op, outcome, result }) => op === 'get' && outcome === 'ok' && typeof result === 'string')
      const stale = history.find(({ op, key, outcome }) => op === 'put' && outcome === 'ok' && key === read?.key)
      if (read === undefined || stale?.value === undefined || read.result!.includes(stale.value)) continue
      if (history.indexOf(read) - history.indexOf(stale) < 100) continue
      mutated++
      const bad = history.map((operation) => (operation === read ? { ...read, result: stale.value! } : operation))
      expect([seed, check(bad).verdict]).toEqual([seed, 'violated'])
    }
    expect(mutated).toBeGreaterThan(30)
  })
})

/** One thing about one operation is not as the register did it. */
function changeOne(history: readonly Operation[], random: () => number): Operation[] {
  const at = drawIndex(random, history.length)
  const other = history[drawIndex(random, history.length)]!
  const one = history[at]!
  const seen = random() < 0.4 ? null : (other.value ?? other.result ?? 'v0;')
  const shiftNs = drawIndex(random, 80) - 40
  const changes: Partial<Operation>[] = [
    { start_ns: Math.max(0, one.start_ns + Math.min(0, shiftNs)), ...(one.end_ns !== null && { end_ns: Math.max(one.start_ns, one.end_ns + shiftNs) }) },
    { op: 'put', value: other.value ?? 'v0;' },
  ]
  if (one.outcome === 'ok') {
    changes.push(one.op === 'get' ? { result: seen } : { prior: seen }, { index: drawIndex(random, 6) })
    if (one.op === 'cas') changes.push({ swapped: !one.swapped })
  }
  const { result: _result, ...withoutResult } = one
  const changed = { ...(one.op === 'get' ? withoutResult : one), ...changes[drawIndex(random, changes.length)]! }
  if (changed.op === 'get' && changed.outcome === 'ok') changed.result ??= one.result ?? null
  return history.with(at, changed)
}

it('agrees with brute force on what a real register answered, with one thing changed', () => {
  const verdicts = { ok: 0, violated: 0, unknown: 0 }
  let searched = 0
  for (let seed = 0; seed < 3_000; seed++) {
    const changed = changeOne(simulate(seed, 7, 1, { priors: seed % 2 === 0, unknownShare: 0.1 }), seededRandom(seed, 'change'))
    const expected = isLinearizable(changed) ? 'ok' : 'violated'
    const { verdict, keys_by_index } = check(changed)
    expect([seed, verdict, check(changed, false).verdict]).toEqual([seed, expected, expected])
    verdicts[verdict]++
    if (verdict === 'ok' && keys_by_index === 0) searched++
  }
  // an index that lies, or a time, sent some legal ones to the search
  expect(Math.min(verdicts.ok, verdicts.violated, 10 * searched)).toBeGreaterThan(500)
})

it('agrees with brute force on every tiny history', () => {
  const verdicts = { ok: 0, violated: 0, unknown: 0 }
  fc.assert(
    fc.property(tinyHistory(7), (history) => {
      const { verdict } = check(history)
      verdicts[verdict]++
      return verdict === (isLinearizable(history) ? 'ok' : 'violated')
    }),
    { numRuns: 6_000, seed: 1 },
  )
  // both answers were really put to the test
  expect(Math.min(verdicts.ok, verdicts.violated)).toBeGreaterThan(500)
})

it('decides a hundred thousand operations on a hundred keys', () => {
  const history = simulate(7, 100_000, 100, { priors: true, unknownShare: 0.005 })
  expect(check(history)).toMatchObject({ verdict: 'ok', operations: 100_000, keys: 100 })
  expect(check(history, false)).toMatchObject({ verdict: 'ok', operations: 100_000, keys_by_index: 0 })
})
