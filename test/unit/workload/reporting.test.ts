import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import type { LoadSettings } from '@shared/plan/plan'
import type { OperationRecord } from '@shared/run/operation'
import type { WorkloadReport } from '../../../src-main/workload/child'
import { WORKLOAD_CONFIG_ENV, type WorkloadConfig } from '../../../src-main/workload/child'
import { readConfig } from '../../../src-main/workload/config'
import { Outbox } from '../../../src-main/workload/outbox'
import { Seconds } from '../../../src-main/workload/seconds'

const S = 1e9

describe('the seconds of a load', () => {
  it('are reported once, empty ones too, and only when nothing intended in them is in flight', () => {
    const seconds = new Seconds()
    for (const at of [0.1 * S, 0.9 * S, 2.5 * S]) {
      seconds.intended(at)
      seconds.sent(at)
    }
    seconds.settled(0.9 * S, 'ok', 1000, 2000)
    seconds.settled(2.5 * S, 'unknown', 1000, null)
    expect(seconds.takeFull(2.9 * S).map(({ second, intended }) => [second, intended])).toEqual([[1, 0]])
    seconds.settled(0.1 * S, 'fail', 1000, null)
    expect(seconds.takeFull(3 * S)).toMatchObject([
      { second: 0, intended: 2, ok: 1, fail: 1, unknown: 0 },
      { second: 2, intended: 1, unknown: 1 },
    ])
    expect(seconds.takeFull(3 * S)).toEqual([])
  })

  it('counts a request that was not sent as intended, without waiting for it', () => {
    const seconds = new Seconds()
    seconds.intended(5)
    expect(seconds.takeFull(S)).toMatchObject([{ second: 0, intended: 1, ok: 0, fail: 0, unknown: 0 }])
  })

  it('keeps times in µs, clamped to 60 s, and starts every second from nothing', () => {
    const seconds = new Seconds()
    const settle = (atNs: number, lagNs: number, responseNs: number | null) => {
      seconds.intended(atNs)
      seconds.sent(atNs)
      seconds.settled(atNs, 'ok', lagNs, responseNs)
    }
    settle(1, 150_400, 2_000_000)
    settle(2, -5, 90 * S)
    settle(1 * S, 7_000, null)
    const full = seconds.takeFull(1 * S)
    settle(2.5 * S, 3_000, null) // its histograms are those of the second just taken
    full.push(...seconds.takeFull(3 * S))
    const [first, second, third] = full.map(({ responseHistogram, sendLagHistogram }) => ({
      response: decodeFromCompressedBase64(responseHistogram, 32),
      lag: decodeFromCompressedBase64(sendLagHistogram, 32),
    }))
    expect(first!.response.totalCount).toBe(2)
    expect(first!.response.getValueAtPercentile(50)).toBe(2000)
    expect(first!.response.maxValue / 60e6).toBeCloseTo(1, 2)
    expect(first!.lag.maxValue).toBe(150)
    expect(second!.lag.maxValue).toBe(7)
    expect(second!.response.totalCount).toBe(0)
    expect(third!.lag.totalCount).toBe(1)
  })
})

describe('the outbox', () => {
  const vitals = { atNs: 0, inFlight: 0, overdue: 0, groups: [], loopLagMsMax: 0, cpuMs: 0, rssBytes: 0 }
  const operation = (start_ns: number, value = 'v') => ({ op: 'put', key: 'k', value, start_ns }) as OperationRecord

  /** A channel that takes the next message only when the test says so. */
  function slowChannel() {
    const sent: WorkloadReport[] = []
    const taken: (() => void)[] = []
    const send = (report: WorkloadReport) => {
      sent.push(report)
      return new Promise<void>((resolve) => taken.push(resolve))
    }
    return { sent, send, take: () => taken.shift()?.() }
  }
  const operationsIn = (sent: WorkloadReport[]) => sent.flatMap((report) => (report.type === 'batch' ? report.operations : []))

  it('has one message on its way at a time', async () => {
    const channel = slowChannel()
    const outbox = new Outbox(channel.send, () => vitals)
    outbox.add(operation(1))
    const flush = outbox.flush()
    outbox.add(operation(2))
    expect(outbox.flush()).toBe(flush)
    expect(channel.sent).toHaveLength(1)
    channel.take()
    await flush
    void outbox.flush()
    expect(operationsIn(channel.sent).map((op) => op.start_ns)).toEqual([1, 2])
  })

  it('says that it is full instead of dropping, by number and by size', () => {
    const channel = slowChannel()
    const byNumber = new Outbox(channel.send, () => vitals)
    for (let i = 0; i < 50_000; i++) byNumber.add(operation(i))
    expect(byNumber.isFull()).toBe(true)
    const bySize = new Outbox(channel.send, () => vitals)
    for (let i = 0; i < 64; i++) {
      expect(bySize.isFull()).toBe(false)
      bySize.add(operation(i, 'x'.repeat(2 ** 20)))
    }
    expect(bySize.isFull()).toBe(true)
  })

  it('drains everything, in order, in messages of bounded size', async () => {
    const sent: WorkloadReport[] = []
    const outbox = new Outbox(async (report) => void sent.push(report), () => vitals)
    for (let i = 0; i < 1234; i++) outbox.add(operation(i))
    for (let i = 0; i < 10; i++) outbox.add(operation(1234 + i, 'x'.repeat(2 ** 20)))
    outbox.addIntervals([{ second: 0, intended: 0, ok: 0, fail: 0, unknown: 0, responseHistogram: '', sendLagHistogram: '' }])
    await outbox.drain()
    expect(operationsIn(sent).map((op) => op.start_ns)).toEqual(Array.from({ length: 1244 }, (_, i) => i))
    for (const report of sent) {
      if (report.type !== 'batch') continue
      expect(report.operations.length).toBeLessThanOrEqual(500)
      expect(report.operations.reduce((chars, op) => chars + op.value!.length, 0)).toBeLessThanOrEqual(5 * 2 ** 20)
    }
    expect(sent.filter((report) => report.type === 'interval')).toHaveLength(1)
  })
})

describe('the configuration', () => {
  const load: LoadSettings = {
    name: 'client',
    ratePerS: 100,
    arrivals: 'poisson',
    mix: { put: 1, get: 1, delete: 0, cas: 0, append: 0 },
    keys: 10,
    keyPrefix: '',
    valueSizeBytes: 128,
    client: { connectTimeoutMs: 1000, readTimeoutMs: 3000, pool: null },
  }
  const group = { load, clientPrefix: '', nodes: [{ id: 'n1', port: 20000 }] }
  const config: WorkloadConfig = { seed: 1, groups: [group], originNs: '123', durationMs: 1000 }
  const of = (changed: object): object => ({ ...config, groups: [group, { ...group, ...changed }] })
  const read = (changed: object) => readConfig({ [WORKLOAD_CONFIG_ENV]: JSON.stringify(changed) })

  it('comes through as it is', () => {
    expect(read(config)).toEqual(config)
  })

  it.each<[string, object]>([
    ['originNs', { ...config, originNs: '-1' }],
    ['groups', { ...config, groups: [] }],
    ['nodes', of({ nodes: [] })],
    ['nodes', of({ nodes: [{ id: 'n1', port: 70000 }] })],
    ['ratePerS', of({ load: { ...load, ratePerS: 0 } })],
    ['mix', of({ load: { ...load, mix: { put: 0, get: 0, delete: 0, cas: 0, append: 0 } } })],
    ['valueSizeBytes is 20', of({ load: { ...load, valueSizeBytes: 20 } })],
  ])('is refused with a word on %s', (word, changed) => {
    expect(() => read(changed)).toThrow(word)
  })

  it('is refused when missing', () => {
    expect(() => readConfig({})).toThrow(WORKLOAD_CONFIG_ENV)
  })
})
