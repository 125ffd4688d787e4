import { describe, expect, it } from 'vitest'
import type { FaultResult } from '@shared/run/report'
import type { RunRecords } from '../../../src-main/lab/store/records'
import { judge } from '../../../src-main/lab/judge/judge'
import { REFUSED, atNs, crash, expectation, fault, load, plan, records, role } from './run'

/*
 * λ = 100/s: bins of max(100, 20/100 s = 200) = 200 ms, 20 requests each. Baseline all good: g₀ = 1, MAD = 0, a bin
 * succeeds from 0.9 on. Hold = max(5 s, 3 × 300 ms) = 5 s. Faults begin 15 s after load start.
 */
const limit = (value: number, id = 'crash-1') => expectation('recovery', `<= ${value / 1000}s`, value, { fault: id })
const outage = (fromMs: number, toMs: number) => load((_, ms) => (ms >= fromMs && ms < toMs ? REFUSED : {}))
const STAGES = { requested: 17_000, acknowledged: 17_010, observed: 17_030, undone: 22_000 }

function judged(
  parts: Parameters<typeof records>[0],
  limitMs = 2_000,
): { fault: FaultResult; held: boolean | null; observed: unknown; verdict: string } {
  const { report } = judge(
    records({ events: fault('crash-1', STAGES), ...parts }),
    plan({ timeline: [crash('crash-1', 2_000)], expect: [limit(limitMs)] }),
  )
  const { held, observed } = report.expectations[0]!
  return { fault: report.faults[0]!, held, observed, verdict: report.verdict }
}

describe('one fault', () => {
  it('from the first of two failing bins to the first bin from which success holds', () => {
    // out from 17 050 to 18 500: bin [17 000, 17 200) is 5/20 good; bin [18 400, 18 600) is 10/20 good, so the first good one is 18 600
    const { fault: found, held, observed } = judged({ operations: outage(17_050, 18_500) })
    expect(found).toMatchObject({ planned_ms: 17_000, requested_ms: 17_000, effective_ms: 17_010, undone_ms: 22_000 })
    // the failing bin began before the fault took effect: the onset is not earlier than its cause
    expect(found).toMatchObject({ onset_ms: 17_010, restored_ms: 18_600, recovered_ms: 18_600, censored_at_ms: null })
    expect([observed, held]).toEqual([1_590, true])
  })

  it('without an onset recovery took no time', () => {
    const { fault: found, held, observed } = judged({})
    expect(found).toMatchObject({ onset_ms: null, restored_ms: null, recovered_ms: null, censored_at_ms: null })
    expect([observed, held]).toEqual([0, true])
  })

  it('one failing bin is not an onset', () => {
    expect(judged({ operations: outage(18_000, 18_200) }).fault.onset_ms).toBeNull()
    expect(judged({ operations: outage(18_000, 18_400) }).fault.onset_ms).toBe(18_000)
  })

  it('a bin at g₀ − 0.1 succeeds, one below does not', () => {
    // 2 of 20 bad is 0.9; 3 of 20 is 0.85
    const badPerBin = (count: number) => load((_, ms) => (ms >= 18_000 && ms < 19_000 && ms % 200 < count * 10 ? REFUSED : {}))
    expect(judged({ operations: badPerBin(2) }).fault.onset_ms).toBeNull()
    expect(judged({ operations: badPerBin(3) }).fault.onset_ms).toBe(18_000)
  })

  it('a noisy baseline widens what counts as normal', () => {
    // baseline bins alternate between 20/20 and 12/20: median 0.8, every deviation 0.2, threshold 0.8 − 0.6 = 0.2
    const noisy = load((_, ms) => {
      if (ms < 15_000) return Math.floor(ms / 200) % 2 === 1 && ms % 200 < 80 ? REFUSED : {}
      return ms >= 17_200 && ms < 18_000 && ms % 200 < 140 ? REFUSED : {} // 6/20 = 0.3
    })
    expect(judged({ operations: noisy }).fault.onset_ms).toBeNull()
  })

  it('an island of success shorter than the hold does not count', () => {
    const operations = load((_, ms) => ((ms >= 17_200 && ms < 18_000) || (ms >= 22_800 && ms < 23_000) ? REFUSED : {}))
    // success from 18 000, broken at 22 800 (4.8 s < 5 s)
    expect(judged({ operations }).fault).toMatchObject({ onset_ms: 17_200, restored_ms: 23_000 })
    const justLongEnough = load((_, ms) => ((ms >= 17_200 && ms < 18_000) || (ms >= 23_000 && ms < 23_200) ? REFUSED : {}))
    expect(judged({ operations: justLongEnough }).fault.restored_ms).toBe(18_000)
  })

  it('slow elections ask for a longer hold: three times their maximum timeout', () => {
    // 3 × 2 s = 6 s: success from 18 000 to 23 500 is not enough
    const operations = load((_, ms) => ((ms >= 17_200 && ms < 18_000) || (ms >= 23_400 && ms < 23_600) ? REFUSED : {}))
    const base = plan()
    const slow = { ...base.cluster, raft: { ...base.cluster.raft, electionTimeoutMs: [1_000, 2_000] as [number, number] } }
    const made = records({ events: fault('crash-1', STAGES), operations })
    expect(judge(made, plan({ timeline: [crash('crash-1', 2_000)], cluster: slow })).report.faults[0]!.restored_ms).toBe(23_600)
    expect(judge(made, plan({ timeline: [crash('crash-1', 2_000)] })).report.faults[0]!.restored_ms).toBe(18_000)
  })

  it('empty bins neither count nor break', () => {
    // nothing asked in [17 400, 17 800): the failing bins on both sides are consecutive
    const operations = load((_, ms) => {
      if (ms >= 17_400 && ms < 17_800) return null
      return (ms >= 17_200 && ms < 17_400) || (ms >= 17_800 && ms < 18_000) ? REFUSED : {}
    })
    expect(judged({ operations }).fault).toMatchObject({ onset_ms: 17_200, restored_ms: 18_000 })
  })

  it('never restored is censored at the end, and not held once past its limit', () => {
    const { fault: found, held, observed, verdict } = judged({ operations: outage(17_200, 60_000) })
    expect(found).toMatchObject({ onset_ms: 17_200, restored_ms: null, recovered_ms: null, censored_at_ms: 50_000 })
    expect([observed, held, verdict]).toEqual([null, false, 'NOT_HELD'])
  })

  it('never restored before the limit is reached decides nothing', () => {
    expect(judged({ operations: outage(17_200, 60_000) }, 40_000)).toMatchObject({ held: null, verdict: 'INCONCLUSIVE' })
  })

  it('a hold that the end cuts short is censored', () => {
    // success from 46 000 on: only 4 s of 5 are left
    expect(judged({ operations: outage(17_200, 46_000) }).fault).toMatchObject({ restored_ms: null, censored_at_ms: 50_000 })
    expect(judged({ operations: outage(17_200, 45_000) }).fault).toMatchObject({ restored_ms: 45_000, censored_at_ms: null })
  })

  it('a hold cut short by a person does not accuse a service that was back in time', () => {
    const operations = load((_, ms) => (ms >= 17_200 && ms < 18_000 ? REFUSED : {}), 20_000)
    const stopped = judged({ operations, closing: { end: 'CANCELED', endedNs: atNs(26_000) } })
    // the last request was intended at 19 990; nothing is known beyond its bin
    expect(stopped).toMatchObject({ fault: { restored_ms: null, censored_at_ms: 20_190 }, held: null, verdict: 'INCONCLUSIVE' })
  })

  it('fully recovered waits for P99 too', () => {
    // ok but slow until 21 000: P99₀ = 2 ms, limit max(3, 7) = 7 ms. Windows of max(1 s, 3 s) = 3 s; P99 of 300 is the 297th:
    // a window may hold 3 slow requests, so the first good window starts at the bin 21 000
    const operations = load((operation, ms) => {
      if (ms >= 17_200 && ms < 18_000) return REFUSED
      return ms >= 18_000 && ms < 21_000 ? { settled_ns: operation.start_ns + 50e6, end_ns: operation.start_ns + 50e6 } : {}
    })
    expect(judged({ operations }).fault).toMatchObject({ restored_ms: 18_000, recovered_ms: 21_000 })
  })

  it('slowness after the hold is over is another story', () => {
    // calm from 18 000 for the hold of 5 s; slow from 23 000 on
    const operations = load((operation, ms) => {
      if (ms >= 17_200 && ms < 18_000) return REFUSED
      return ms >= 23_000 && ms < 30_000 ? { settled_ns: operation.start_ns + 50e6, end_ns: operation.start_ns + 50e6 } : {}
    })
    expect(judged({ operations }).fault.recovered_ms).toBe(18_000)
  })

  it('never fast again is restored, but not recovered', () => {
    const operations = load((operation, ms) => {
      if (ms >= 17_200 && ms < 18_000) return REFUSED
      return ms >= 18_000 ? { settled_ns: operation.start_ns + 50e6, end_ns: operation.start_ns + 50e6 } : {}
    })
    expect(judged({ operations }).fault).toMatchObject({ restored_ms: 18_000, recovered_ms: null, censored_at_ms: null })
  })

  it('a fault that was never observed has no effect to count from', () => {
    const { requested, acknowledged } = STAGES
    const {
      fault: found,
      held,
      verdict,
    } = judged({ events: fault('crash-1', { requested, acknowledged }), operations: outage(17_200, 18_000) })
    expect(found).toMatchObject({ requested_ms: 17_000, effective_ms: null, onset_ms: null, restored_ms: null })
    expect([held, verdict]).toEqual([null, 'INCONCLUSIVE'])
  })

  it('a fault that never began keeps its plan', () => {
    expect(judged({ events: [] }).fault).toMatchObject({
      planned_ms: 17_000,
      requested_ms: null,
      effective_ms: null,
      targets: ['leader'],
    })
  })

  it('without a baseline nobody knows what recovered means', () => {
    const operations = load((_, ms) => (ms >= 5_000 && ms < 15_000 ? null : {}))
    expect(judged({ operations })).toMatchObject({ observed: null, held: null, verdict: 'INCONCLUSIVE' })
  })

  it('from heal counts from the undo', () => {
    const made = records({ events: fault('crash-1', STAGES), operations: outage(17_200, 23_000) })
    const { report } = judge(
      made,
      plan({
        timeline: [crash('crash-1', 2_000)],
        expect: [expectation('recovery.from_heal', '<= 2s', 2_000, { fault: 'crash-1' })],
      }),
    )
    expect(report.expectations[0]).toMatchObject({ observed: 1_000, held: true })
  })

  it('detection and election are the first after the effect', () => {
    const events: RunRecords['events'] = [
      { kind: 'campaign', atNs: atNs(16_000), node: 'n2', term: 2, pre: true },
      ...fault('crash-1', STAGES),
      { kind: 'campaign', atNs: atNs(17_200), node: 'n3', term: 2, pre: true },
      { kind: 'campaign', atNs: atNs(17_205), node: 'n3', term: 2, pre: false },
      role(17_215, 'n3', 'leader', 2, 'n3'),
    ]
    expect(judged({ events }).fault).toMatchObject({ detected_ms: 17_200, elected_ms: 17_215 })
  })
})

describe('two faults', () => {
  const twoFaults = plan({
    timeline: [crash('a', 2_000), crash('b', 12_000)],
    expect: [limit(2_000, 'a'), limit(2_000, 'b'), expectation('recovery', '<= 2s', 2_000)],
  })
  const events = [
    ...fault('a', { requested: 17_000, acknowledged: 17_000, observed: 17_000, undone: 22_000 }),
    ...fault('b', { requested: 27_000, acknowledged: 27_000, observed: 27_000, undone: 32_000 }),
  ]

  it('each has its own onset and recovery, and without a name the worst counts', () => {
    const operations = load((_, ms) => ((ms >= 17_200 && ms < 18_000) || (ms >= 27_200 && ms < 29_000) ? REFUSED : {}))
    const { report } = judge(records({ events, operations }), twoFaults)
    expect(report.faults.map(({ onset_ms, restored_ms }) => [onset_ms, restored_ms])).toEqual([
      [17_200, 18_000],
      [27_200, 29_000],
    ])
    expect(report.expectations.map(({ observed, held }) => [observed, held])).toEqual([
      [1_000, true],
      [2_000, true],
      [2_000, true],
    ])
  })

  it('of one entry that repeats are expected of together: the worst recovery, and all their windows', () => {
    const entry = { ...crash('a', 2_000), repeat: { count: 2, everyMs: 10_000, spreadMs: 0 } }
    const named = (id: string): typeof events => events.map((event) => ({ ...event, id: event.kind === 'fault' && event.id === 'a' ? `${id}.1` : `${id}.2` }))
    const operations = load((_, ms) => ((ms >= 17_200 && ms < 18_000) || (ms >= 27_200 && ms < 29_000) ? REFUSED : {}))
    const availability = expectation('availability', '>= 90%', 0.9, { fault: 'a' })
    const { report } = judge(records({ events: named('a'), operations }), plan({ timeline: [entry], expect: [limit(2_000, 'a'), limit(1_000, 'a'), availability] }))
    expect(report.faults.map(({ id, planned_ms }) => [id, planned_ms])).toEqual([['a.1', 17_000], ['a.2', 27_000]])
    expect(report.expectations.slice(0, 2).map(({ observed, held }) => [observed, held])).toEqual([[2_000, true], [2_000, false]])
    // 33 s of windows, of which 0.8 s and 1.8 s were refused
    expect(report.expectations[2]!.observed).toBeCloseTo(1 - 2.6 / 33, 6)
  })

  it('what the second does is not the first one’s', () => {
    const { report } = judge(records({ events, operations: outage(27_200, 29_000) }), twoFaults)
    expect(report.faults.map(({ onset_ms }) => onset_ms)).toEqual([null, 27_200])
    const campaign: RunRecords['events'][number] = { kind: 'campaign', atNs: atNs(27_150), node: 'n2', term: 2, pre: true }
    const detected = judge(records({ events: [...events, campaign] }), twoFaults).report.faults.map(
      ({ detected_ms }) => detected_ms,
    )
    expect(detected).toEqual([null, 27_150])
  })

  it('a hold that the second cuts short is censored there', () => {
    const { report } = judge(records({ events, operations: outage(17_200, 24_000) }), twoFaults)
    expect(report.faults[0]).toMatchObject({ restored_ms: null, censored_at_ms: 27_000 })
    // back at 24 000 at the earliest: 7 s after the effect, past the limit of 2 s whatever came later
    expect(report.expectations[0]).toMatchObject({ observed: null, held: false })
    expect(report.expectations[1]).toMatchObject({ observed: 0, held: true })
  })

  it('two that strike within two bins share what follows', () => {
    const together = [
      ...fault('a', { acknowledged: 17_000, observed: 17_000 }),
      ...fault('b', { acknowledged: 17_100, observed: 17_100 }),
    ]
    const { report } = judge(records({ events: together, operations: outage(17_200, 18_000) }), twoFaults)
    expect(report.faults.map(({ restored_ms }) => restored_ms)).toEqual([18_000, 18_000])
  })
})
