import { describe, expect, it } from 'vitest'
import type { OperationRecord } from '@shared/run/operation'
import type { Slo } from '@shared/plan/plan'
import { judge } from '../../../src-main/lab/judge/judge'
import { REFUSED, expectation, load, plan, records, timedOut } from './run'

/** Measured: 5 000 … 50 000 ms, 100 requests a second: 4 500. */
const report = (parts: Parameters<typeof records>[0], more: Parameters<typeof plan>[0] = {}) =>
  judge(records(parts), plan(more)).report
const SLO: Slo = { name: 'availability', objective: 0.99, good: { outcome: 'ok', withinMs: 500, check: 'value' } }
const slow = (operation: OperationRecord, ms: number) => ({
  settled_ns: operation.intended_ns + ms * 1e6,
  end_ns: operation.intended_ns + ms * 1e6,
})

describe('requests and availability', () => {
  it('warm-up is not counted', () => {
    const { requests, availability } = report({ operations: load((_, ms) => (ms < 5_000 ? REFUSED : {})) })
    expect(requests).toEqual({ total: 4_500, ok: 4_500, fail: 0, unknown: 0 })
    expect(availability).toEqual({ requests: 1, slices: 1 })
  })

  it('outcomes by intended time: 45 refused, 90 unknown of 4 500', () => {
    const operations = load((_, ms) => (ms >= 20_000 && ms < 20_450 ? REFUSED : ms >= 30_000 && ms < 30_900 ? timedOut(ms) : {}))
    const { requests, availability } = report({ operations })
    expect(requests).toEqual({ total: 4_500, ok: 4_365, fail: 45, unknown: 90 })
    expect(availability.requests).toBe(4_365 / 4_500)
    expect(availability.slices).toBe(43 / 45)
  })

  it('an SLO asks for more than ok: in time, and the right value', () => {
    const operations = load((operation, ms) => {
      if (ms >= 20_000 && ms < 20_100) return slow(operation, 501)
      if (ms >= 21_000 && ms < 21_100) return slow(operation, 500)
      return ms >= 22_000 && ms < 22_100 ? { checked: false } : {}
    })
    // 10 too late, 10 just in time, 10 with a wrong value
    expect(report({ operations }, { slos: [SLO] }).availability.requests).toBe(4_480 / 4_500)
    expect(report({ operations }).availability.requests).toBe(1)
  })

  it('a second is good when it reaches the objective', () => {
    // one bad of 100 is 99 %, two are not
    const operations = load((_, ms) => (ms === 20_000 || ms === 30_000 || ms === 30_010 ? REFUSED : {}))
    expect(report({ operations }, { slos: [SLO] }).availability.slices).toBe(44 / 45)
  })

  it('one phase, reads or writes', () => {
    const operations = load((_, ms) => ({
      ...(ms >= 20_000 && ms < 21_000 && REFUSED),
      ...(ms % 20 === 10 && { op: 'get' as const, result: null }),
    }))
    const expect_ = [
      expectation('availability', '>= 95%', 0.95, { phase: 'faults' }),
      expectation('availability', '>= 100%', 1, { phase: 'recovery' }),
      expectation('availability', '>= 95%', 0.95, { op: 'read' }),
    ]
    const results = report({ operations }, { expect: expect_ }).expectations
    expect(results.map(({ observed, held }) => [observed, held])).toEqual([
      [1_900 / 2_000, true],
      [1, true],
      [2_200 / 2_250, true],
    ])
  })
})

describe('latency', () => {
  it('counts from the intended start', () => {
    const late = load((operation) => ({ start_ns: operation.intended_ns + 30e6, ...slow(operation, 32) }))
    expect(report({ operations: late }).latency_ms).toEqual({ p50: 32, p90: 32, p99: 32, p999: 32, max: 32 })
  })

  it('a timed-out request counts at its deadline, a 504 at its answer, a quick refusal not at all', () => {
    const operations = load((operation, ms) => {
      if (ms >= 20_000 && ms < 20_300) return timedOut(ms)
      if (ms >= 21_000 && ms < 21_700) return { ...REFUSED, op: 'get', error: '504', ...slow(operation, 2_000) }
      return ms >= 22_000 && ms < 32_000 ? { ...REFUSED, ...slow(operation, 1) } : {}
    })
    // 3 500 with a latency: 3 400 of 2 ms, 70 of 2 s, 30 of 4 s. Ranks: p99 = 3 465th → 2 s; p999 = 3 497th → 4 s
    expect(report({ operations }).latency_ms).toEqual({ p50: 2, p90: 2, p99: 2_000, p999: 4_000, max: 4_000 })
  })

  it('no p99 under 100 requests, no p999 under 1 000', () => {
    const first = (count: number) => load((_, ms) => (ms >= 5_000 && ms < 5_000 + count * 10 ? {} : null))
    expect(report({ operations: first(99) }).latency_ms).toMatchObject({ p90: 2, p99: null, p999: null, max: 2 })
    expect(report({ operations: first(100) }).latency_ms).toMatchObject({ p99: 2, p999: null })
    expect(report({ operations: first(1_000) }).latency_ms).toMatchObject({ p999: 2 })
  })
})

it('the longest unavailability runs from one good request to the next, or to the edge', () => {
  const longest = [expectation('unavailability.longest', '<= 2s', 2_000)]
  const between = load((_, ms) => (ms >= 20_000 && ms < 21_000 ? REFUSED : {}))
  // good at 19 990 and at 21 000
  expect(report({ operations: between }, { expect: longest }).expectations[0]).toMatchObject({ observed: 1_010, held: true })
  const dead = load((_, ms) => (ms >= 5_000 ? REFUSED : {}))
  expect(report({ operations: dead }, { expect: longest }).expectations[0]).toMatchObject({ observed: 45_000, held: false })
})
