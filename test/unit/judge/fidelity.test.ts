import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import type { LabSample, LoadInterval } from '@shared/run/event'
import type { Slo } from '@shared/plan/plan'
import { judge } from '../../../src-main/lab/judge/judge'
import { atNs, load, plan, records } from './run'

const gate = (parts: Parameters<typeof records>[0], more: Parameters<typeof plan>[0] = {}) => {
  const { valid, invalid, fidelity } = judge(records(parts), plan(more)).report
  return { valid, invalid, fidelity }
}
const stall = (process: string, ms: number, loopLagMsMax: number): LabSample => ({
  atNs: atNs(ms),
  process,
  cpuMs: 0,
  rssBytes: 0,
  loopLagMsMax,
})
const within = (withinMs: number): Slo => ({ name: 'a', objective: 0.99, good: { outcome: 'ok', withinMs, check: null } })

function interval(second: number, lagUs: number): LoadInterval {
  const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 })
  for (let i = 0; i < 100; i++) histogram.recordValue(lagUs)
  return {
    second,
    intended: 100,
    ok: 100,
    fail: 0,
    unknown: 0,
    responseHistogram: '',
    sendLagHistogram: encodeIntoCompressedBase64(histogram),
  }
}

describe('a run is valid', () => {
  it('when everything was sent in time', () => {
    expect(gate({})).toEqual({
      valid: true,
      invalid: [],
      fidelity: { send_lag_ms_p99: 0, not_sent: 0, engine_stall_ms_max: 0, generator_stall_ms_max: 0 },
    })
  })
  it('up to the limits themselves, and whatever happened before load and in warm-up', () => {
    const labSamples = [
      stall('engine', 9_000, 250),
      stall('generator', 9_000, 250),
      stall('engine', -200, 900),
      stall('engine', 50_500, 900),
    ]
    const intervals = [interval(0, 80_000), interval(10, 1_900)]
    expect(gate({ labSamples, intervals })).toMatchObject({
      valid: true,
      fidelity: { engine_stall_ms_max: 250, generator_stall_ms_max: 250 },
    })
  })
  it('when the lag is small beside what the SLO asks', () => {
    // 5 % of 500 ms are 25 ms
    expect(gate({ intervals: [interval(10, 20_000)] }, { slos: [within(500)] }).valid).toBe(true)
  })
})

describe('a run is invalid, and says why', () => {
  it.each([
    ['sent late', { intervals: [interval(10, 2_100)] }, {}, 'Requests were sent late: send-lag p99 2.1 ms, limit 2 ms.'],
    [
      'late beside the SLO',
      { intervals: [interval(10, 26_000)] },
      { slos: [within(500)] },
      'Requests were sent late: send-lag p99 26.0 ms, limit 25 ms.',
    ],
    [
      'late by the operations themselves',
      { operations: load((o) => ({ start_ns: o.intended_ns + 3e6 })) },
      {},
      'Requests were sent late: send-lag p99 3.0 ms, limit 2 ms.',
    ],
    ['not sent', { closing: { notSent: 7 } }, {}, '7 requests were never handed to the client.'],
    ['engine stalled', { labSamples: [stall('engine', 9_000, 251)] }, {}, 'The engine stood still for 251 ms, limit 250 ms.'],
    [
      'generator stalled',
      { labSamples: [stall('generator', 9_000, 400)] },
      {},
      'The load generator stood still for 400 ms, limit 250 ms.',
    ],
    [
      'instrument',
      { events: [{ kind: 'instrument' as const, atNs: atNs(9_000), what: 'The host was suspended for 3.2 s.' }] },
      {},
      'The host was suspended for 3.2 s.',
    ],
    [
      'concurrent',
      { closing: { invalid: ['Another run was measuring at the same time.'] } },
      {},
      'Another run was measuring at the same time.',
    ],
  ])('%s', (_, parts, more, reason) => {
    expect(gate(parts, more)).toMatchObject({ valid: false, invalid: [reason] })
  })
})
