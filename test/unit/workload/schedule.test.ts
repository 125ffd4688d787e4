import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoadSettings } from '@shared/plan/plan'
import { arrivalsNs } from '../../../src-main/workload/arrivals'
import { scheduledRequests, shortestValueBytesOf } from '../../../src-main/workload/schedule'
import { checkValue, makeValue, shortestValueBytes } from '../../../src-main/workload/value'

const load: LoadSettings = {
  name: 'client',
  ratePerS: 200,
  arrivals: 'poisson',
  mix: { put: 40, get: 40, delete: 5, cas: 10, append: 5 },
  keys: 10,
  valueSizeBytes: 64,
  client: { connectTimeoutMs: 1000, readTimeoutMs: 3000 },
}
const seeds = fc.integer({ min: 0, max: 2 ** 53 - 1 })

describe('the schedule of requests', () => {
  it('is the same for the same seed and another for another', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const once = [...scheduledRequests(seed, load, 500)]
        expect([...scheduledRequests(seed, load, 500)]).toEqual(once)
        expect([...scheduledRequests(seed + 1, load, 500)]).not.toEqual(once)
      }),
      { numRuns: 20 },
    )
  })

  it('does not depend on how long the load lasts', () => {
    const short = [...scheduledRequests(42, load, 1000)]
    expect([...scheduledRequests(42, load, 3000)].slice(0, short.length)).toEqual(short)
  })

  it('keeps arrivals and keys when the mix changes', () => {
    const shape = (mix: LoadSettings['mix']) =>
      [...scheduledRequests(42, { ...load, mix }, 1000)].map(({ intendedNs, key }) => [intendedNs, key])
    expect(shape({ put: 0, get: 1, delete: 0, cas: 0, append: 0 })).toEqual(shape(load.mix))
  })

  it('has ascending integer moments within the load', () => {
    const moments = [...arrivalsNs({ seed: 7, name: 'client', ratePerS: 500, arrivals: 'poisson', durationMs: 4000 })]
    expect(moments.every((at, i) => Number.isSafeInteger(at) && at >= (moments[i - 1] ?? 0) && at < 4e9)).toBe(true)
  })

  it('spaces constant arrivals evenly, without drift', () => {
    const moments = [...arrivalsNs({ seed: 7, name: 'client', ratePerS: 300, arrivals: 'constant', durationMs: 60_000 })]
    expect(moments).toHaveLength(18_000)
    expect(moments[17_999]).toBe(Math.round((17_999 * 1e9) / 300))
  })

  it('draws exponential gaps: mean and spread are both 1/rate', () => {
    const moments = [...arrivalsNs({ seed: 11, name: 'client', ratePerS: 1000, arrivals: 'poisson', durationMs: 50_000 })]
    const gaps = moments.slice(1).map((at, i) => (at - moments[i]!) / 1e6)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
    // 50,000 draws: the standard error of both is below 0.7 %
    expect(mean).toBeCloseTo(1, 1)
    expect(deviation).toBeCloseTo(1, 1)
    expect(gaps.filter((gap) => gap > 1).length / gaps.length).toBeCloseTo(Math.exp(-1), 1)
  })

  it('follows the mix by its weights', () => {
    const requests = [...scheduledRequests(3, { ...load, ratePerS: 5000 }, 4000)]
    const share = (op: string) => requests.filter((request) => request.op === op).length / requests.length
    for (const [op, percent] of Object.entries(load.mix)) expect(Math.abs(share(op) - percent / 100)).toBeLessThan(0.02)
    const onlyGets = { put: 0, get: 3, delete: 0, cas: 0, append: 0 }
    expect([...scheduledRequests(3, { ...load, mix: onlyGets }, 1000)].every(({ op }) => op === 'get')).toBe(true)
  })

  it('asks for every key, about equally often', () => {
    const counts = new Map<string, number>()
    for (const { key } of scheduledRequests(5, { ...load, ratePerS: 1000 }, 10_000)) counts.set(key, (counts.get(key) ?? 0) + 1)
    expect([...counts.keys()].sort()).toEqual(Array.from({ length: 10 }, (_, i) => `k${i}`))
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(200)
  })

  it('draws key and operation apart: each key sees the whole mix', () => {
    const requests = [...scheduledRequests(5, { ...load, ratePerS: 5000 }, 4000)].filter(({ key }) => key === 'k0')
    const puts = requests.filter(({ op }) => op === 'put').length
    expect(Math.abs(puts / requests.length - load.mix.put / 100)).toBeLessThan(0.06)
  })

  it('writes values that are unique, of the size asked for, pass their check, and are no part of another', () => {
    const values = [...scheduledRequests(9, load, 5000)].flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]))
    expect(new Set(values.map(({ value }) => value)).size).toBe(values.length)
    const all = values.map(({ value }) => value).join('\n')
    for (const { key, value } of values) {
      expect(value).toMatch(/^[\x21-\x7e]{64}$/)
      expect(checkValue(key, value)).toBe(true)
      expect(all.indexOf(value)).toBe(all.lastIndexOf(value))
    }
  })

  it('fits every value into the shortest size it names', () => {
    const valueSizeBytes = shortestValueBytesOf(load, 5000)
    expect([...scheduledRequests(9, { ...load, valueSizeBytes }, 5000)].length).toBeGreaterThan(0)
    const shortest = shortestValueBytes(10, 'client', 99)
    expect(makeValue('k9', 'client', 99, shortest)).toHaveLength(shortest)
    expect(() => makeValue('k9', 'client', 99, shortest - 1)).toThrow(RangeError)
  })
})

describe('the check of a value', () => {
  const value = makeValue('k1', 'client', 5, 48)

  it('passes values appended to each other', () => {
    expect(checkValue('k1', value + makeValue('k1', 'client', 6, 40))).toBe(true)
  })

  it('fails for another key, also where its name begins the same', () => {
    expect(checkValue('k2', value)).toBe(false)
    expect(checkValue('k', value)).toBe(false)
    expect(checkValue('k1', value + makeValue('k12', 'client', 6, 40))).toBe(false)
  })

  it('fails for any single change, for a torn value and for what was never written', () => {
    fc.assert(
      fc.property(fc.nat({ max: value.length - 1 }), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const changed = value.slice(0, at) + String.fromCharCode(code) + value.slice(at + 1)
        expect(checkValue('k1', changed)).toBe(changed === value)
      }),
      { numRuns: 500 },
    )
    for (let length = 0; length < value.length; length++) expect(checkValue('k1', value.slice(0, length))).toBe(false)
    expect(checkValue('k1', 'x')).toBe(false)
  })
})
