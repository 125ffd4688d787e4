/** What charts are drawn from: axes, rings, bars. */
import { describe, expect, it } from 'vitest'
import { logAxis, rateAxis, timeLabel, timeTicks } from '../../../src-renderer/charts/axis'
import { faultLanes } from '../../../src-renderer/charts/lane'
import { binAt, binsPerBar, throughputPoints } from '../../../src-renderer/charts/resultPoints'
import { BinRing } from '../../../src-renderer/charts/ring'

const bin = (atMs: number, ok: number, p99: number | null = 5) => ({ atMs, ok, fail: 1, unknown: 2, p50: 1, p99, max: 9 })

describe('axes', () => {
  it('puts time ticks on whole steps, inside the range, no closer than asked', () => {
    const ticks = timeTicks(300, 60_000, 720)
    expect(ticks).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000])
    expect(timeTicks(0, 60_000, 20)).toEqual([0, 60_000])
  })
  it('marks latency in 1-2-5 steps round what is there', () => {
    expect(logAxis(1.6, 43)).toEqual({ min: 1, max: 50, ticks: [1, 2, 5, 10, 20, 50] })
    expect(logAxis(0.3, 4_000).ticks).toEqual([1, 10, 100, 1000])
    expect(logAxis(0, 0).min).toBeGreaterThan(0)
  })
  it('starts rates at zero and ends on a tick not below the highest', () => {
    expect(rateAxis(235)).toEqual({ max: 300, ticks: [0, 100, 200, 300] })
    expect(rateAxis(0).max).toBe(1)
  })
  it('labels moments before load start with a true minus', () => {
    expect([timeLabel(-2_500), timeLabel(0), timeLabel(150_000)]).toEqual(['−2.5 s', '0 s', '2:30'])
  })
})

describe('the ring of live bins', () => {
  it('keeps the newest bins in order once it is full', () => {
    const ring = new BinRing(3)
    for (let i = 0; i < 5; i++) ring.push(bin(i * 200, i))
    expect(ring.points('ok', 0)).toEqual([[400, 2], [600, 3], [800, 4]])
    expect(ring.points('ok', 600, 5)).toEqual([[600, 15], [800, 20]])
    expect(ring.stacked(['ok', 'fail', 'unknown'], 800)).toEqual([[800, 7]])
  })
  it('keeps an absent latency absent, never zero', () => {
    const ring = new BinRing(3)
    ring.push(bin(0, 1, null))
    expect(ring.points('p99', 0)).toEqual([[0, Number.NaN]])
  })
})

describe('bars of a result', () => {
  const bins = {
    widthMs: 100, startMs: [0, 100, 200], ok: [10, 20, 30], fail: [1, 0, 0], unknown: [0, 0, 2],
    availability: [1, 1, 1], p50: [1, 1, 1], p99: [1, 1, 1], max: [1, 1, 1],
  }
  it('add up bins without losing a request, the short last bar at its own rate', () => {
    const { ok, withUnknown } = throughputPoints(bins, 2)
    expect(ok).toEqual([[0, 150], [200, 300], [300, 300]])
    expect(withUnknown).toEqual([[0, 155], [200, 320], [300, 320]])
  })
  it('are no more than can be told apart', () => {
    expect(binsPerBar(bins, 60_000)).toBe(4)
    expect(binsPerBar(bins, 2_000)).toBe(1)
  })
  it('belong to a moment from their start to just before their end', () => {
    expect([binAt(bins, 99.9), binAt(bins, 100), binAt(bins, 300), binAt(bins, -1)]).toEqual([0, 1, null, null])
  })
})

describe('lanes of faults', () => {
  const span = (key: string, fromMs: number, toMs: number) => ({ key, fromMs, toMs, look: 'fault' as const, family: 'network' as const, label: key, title: key })
  const outline = (key: string, fromMs: number, toMs: number) => ({ key, fromMs, toMs, family: 'network' as const, title: key })

  it('never lay one fault over another, planned or real, while there are lanes left', () => {
    const lanes = faultLanes([span('a', 100, 900), span('b', 500, 700)], [outline('a', 0, 800), outline('b', 500, 600), outline('c', 900, 999)], 9)
    expect(lanes.map((lane) => lane.outlines.map(({ key }) => key))).toEqual([['a', 'c'], ['b']])
    expect(lanes.map((lane) => lane.spans.map(({ key }) => key))).toEqual([['a'], ['b']])
  })

  it('are no more than there is room for, and no fault is left out', () => {
    const all = Array.from({ length: 20 }, (_, i) => outline(`f${i}`, i, 1_000))
    const lanes = faultLanes([], all, 3)
    expect([lanes.length, lanes.flatMap((lane) => lane.outlines).length]).toEqual([3, 20])
  })
})
