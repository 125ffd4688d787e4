import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoadSettings } from '@shared/plan/plan'
import type { LoadChange } from '@shared/run/load-change'
import { Arrivals, type ArrivalSettings } from '../../../src-main/workload/arrivals'
import { RequestSchedule, type ScheduledRequest, scheduledRequests, shortestValueBytesOf } from '../../../src-main/workload/schedule'
import { checkValue, makeValue, shortestValueBytes } from '../../../src-main/workload/value'

const load: LoadSettings = {
  name: 'client',
  ratePerS: 200,
  arrivals: 'poisson',
  mix: { put: 40, get: 40, delete: 5, cas: 10, append: 5 },
  keys: 10,
  keyPrefix: '',
  valueSizeBytes: 64,
  client: { connectTimeoutMs: 1000, readTimeoutMs: 3000, pool: null },
}
function arrivalsNs(settings: ArrivalSettings): number[] {
  const arrivals = new Arrivals(settings)
  const moments: number[] = []
  for (let atNs = arrivals.next(); atNs !== null; atNs = arrivals.next()) {
    moments.push(atNs)
    arrivals.advance()
  }
  return moments
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
    const moments = arrivalsNs({ seed: 7, name: 'client', ratePerS: 500, arrivals: 'poisson', durationMs: 4000 })
    expect(moments.every((at, i) => Number.isSafeInteger(at) && at >= (moments[i - 1] ?? 0) && at < 4e9)).toBe(true)
  })

  it('spaces constant arrivals evenly, without drift', () => {
    const moments = arrivalsNs({ seed: 7, name: 'client', ratePerS: 300, arrivals: 'constant', durationMs: 60_000 })
    expect(moments).toHaveLength(18_000)
    expect(moments[17_999]).toBe(Math.round((17_999 * 1e9) / 300))
  })

  it('draws exponential gaps: mean and spread are both 1/rate', () => {
    const moments = arrivalsNs({ seed: 11, name: 'client', ratePerS: 1000, arrivals: 'poisson', durationMs: 50_000 })
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

describe('a load that is changed on the way', () => {
  type Step = { atMs: number; id: string; change: LoadChange | null }
  const even: LoadSettings = { ...load, arrivals: 'constant', ratePerS: 100 }

  /** What a generator does: everything due before a change is taken first. */
  function asked(settings: LoadSettings, steps: Step[], durationMs = 10_000, seed = 42): ScheduledRequest[] {
    const schedule = new RequestSchedule(seed, settings, durationMs)
    const requests: ScheduledRequest[] = []
    const takeUntil = (ns: number): void => {
      for (let atNs = schedule.nextNs(); atNs !== null && atNs <= ns; atNs = schedule.nextNs()) requests.push(schedule.take(atNs))
    }
    for (const { atMs, id, change } of steps) {
      takeUntil(atMs * 1e6)
      schedule.change(id, change, atMs * 1e6)
    }
    takeUntil(Infinity)
    return requests
  }
  const between = (requests: ScheduledRequest[], fromMs: number, toMs: number) =>
    requests.filter(({ intendedNs }) => intendedNs >= fromMs * 1e6 && intendedNs < toMs * 1e6)
  const counts = (requests: ScheduledRequest[], ...edgesMs: number[]) => edgesMs.slice(1).map((edge, i) => between(requests, edgesMs[i]!, edge).length)

  it('asks at the new rate from the change on, and at the old one when it ends', () => {
    const spike = asked(even, [{ atMs: 2005, id: 's', change: { kind: 'rate', ratePerS: 500 } }, { atMs: 4005, id: 's', change: null }])
    expect(counts(spike, 0, 2005, 4005, 10_000)).toEqual([201, 1000, 599])
  })

  it('goes in a straight line to the rate of a ramp, and stays there', () => {
    const ramp = asked(even, [{ atMs: 0, id: 'r', change: { kind: 'ramp', toPerS: 300, overMs: 4000 } }])
    // the integral of 100 + 50 t: 125, 175, 225, 275
    for (const [i, expected] of [125, 175, 225, 275, 300, 300].entries()) {
      expect(Math.abs(between(ramp, i * 1000, (i + 1) * 1000).length - expected)).toBeLessThanOrEqual(1)
    }
    const down = asked(even, [{ atMs: 0, id: 'r', change: { kind: 'ramp', toPerS: 20, overMs: 10_000 } }])
    expect(down.length).toBe(600)
  })

  it('of two rates the newer is in force, and the older again when that ends', () => {
    const both = asked(even, [
      { atMs: 2000, id: 'a', change: { kind: 'rate', ratePerS: 200 } },
      { atMs: 4000, id: 'b', change: { kind: 'rate', ratePerS: 400 } },
      { atMs: 6000, id: 'b', change: null },
      { atMs: 8000, id: 'a', change: null },
    ])
    for (const [i, count] of counts(both, 0, 2000, 4000, 6000, 8000, 10_000).entries()) expect(Math.abs(count - [200, 400, 800, 400, 200][i]!)).toBeLessThanOrEqual(1)
  })

  it('asks nothing after its end, whatever comes then', () => {
    const late = new RequestSchedule(42, even, 1000)
    for (let atNs = late.nextNs(); atNs !== null; atNs = late.nextNs()) late.take(atNs)
    late.change('s', { kind: 'rate', ratePerS: 5000 }, 1_500e6)
    late.change('s', null, 2_000e6)
    expect(late.nextNs()).toBeNull()
  })

  const change = fc.oneof(
    fc.record({ kind: fc.constant('rate' as const), ratePerS: fc.double({ min: 0.5, max: 2000, noNaN: true }) }),
    fc.record({ kind: fc.constant('ramp' as const), toPerS: fc.double({ min: 0.5, max: 2000, noNaN: true }), overMs: fc.integer({ min: 100, max: 3000 }) }),
    fc.constant(null),
  )
  const steps = fc.array(fc.record({ gapMs: fc.integer({ min: 0, max: 900 }), id: fc.constantFrom('a', 'b', 'c'), change }), { maxLength: 6 }).map((parts) => {
    let atMs = 0
    return parts.map(({ gapMs, ...part }) => ({ ...part, atMs: (atMs += gapMs) }))
  })

  it('whatever changes: equal seeds and moments give equal requests, in order, and nothing before a change moves', () => {
    fc.assert(
      fc.property(seeds, steps, fc.constantFrom('poisson' as const, 'constant' as const), (seed, all, arrivals) => {
        const settings = { ...load, arrivals }
        const once = asked(settings, all, 3000, seed)
        expect(asked(settings, all, 3000, seed)).toEqual(once)
        expect(once.map(({ sequence }) => sequence)).toEqual(once.map((_, i) => i))
        expect(once.every(({ intendedNs }, i) => Number.isSafeInteger(intendedNs) && intendedNs >= (once[i - 1]?.intendedNs ?? 0) && intendedNs < 3e9)).toBe(true)
        const last = all.at(-1)
        if (last) expect(between(asked(settings, all.slice(0, -1), 3000, seed), 0, last.atMs)).toEqual(between(once, 0, last.atMs))
      }),
      { numRuns: 100 },
    )
  })

  it('sends its share to the hot key and leaves the keys of the others as they were', () => {
    const plain = asked(load, [])
    const hot = asked(load, [{ atMs: 2000, id: 'h', change: { kind: 'hot-key', share: 0.5 } }, { atMs: 8000, id: 'h', change: null }])
    const during = between(hot, 2000, 8000)
    expect(Math.abs(during.filter(({ key }) => key === 'k0').length / during.length - 0.5)).toBeLessThan(0.06)
    const moved = hot.filter(({ key }, i) => key !== plain[i]!.key)
    expect(moved.length).toBeGreaterThan(0)
    expect(moved.every(({ key, intendedNs }) => key === 'k0' && intendedNs >= 2e9 && intendedNs < 8e9)).toBe(true)
    expect(hot.map(({ intendedNs }) => intendedNs)).toEqual(plain.map(({ intendedNs }) => intendedNs))
  })

  it('writes values of the size asked for while it lasts, each whole', () => {
    const large = asked({ ...even, keyPrefix: 'web' }, [{ atMs: 2000, id: 'v', change: { kind: 'value-size', sizeBytes: 5000 } }, { atMs: 4000, id: 'v', change: null }])
    for (const { key, value, intendedNs } of large) {
      if (value === null) continue
      expect(value).toHaveLength(intendedNs > 2e9 && intendedNs <= 4e9 ? 5000 : 64)
      expect(key).toMatch(/^webk\d$/)
      expect(checkValue(key, value)).toBe(true)
    }
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
