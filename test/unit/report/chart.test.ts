import { describe, expect, it } from 'vitest'
import { fitted, stepArea, stepLine } from '../../../src-main/lab/report/chart/bins'
import { linearScale, logScale, niceFloor, niceStep } from '../../../src-main/lab/report/chart/scale'
import { timelineSvg } from '../../../src-main/lab/report/chart/timeline'
import { count, duration, moment, observed, percentage } from '../../../src-main/lab/report/figures'
import { model } from './model'

describe('scales', () => {
  it('a log axis has ticks at 1, 2 and 5, and equal ratios are equally far apart', () => {
    const scale = logScale([1, 100], 0, 200)
    expect(scale.ticks).toEqual([1, 2, 5, 10, 20, 50, 100])
    expect(scale(10)).toBeCloseTo(100)
    expect(scale(0)).toBe(0)
    expect(logScale([0.1, 100_000], 0, 1).ticks).toEqual([0.1, 1, 10, 100, 1000, 10_000, 100_000])
  })

  it('a linear axis has round ticks within its domain', () => {
    expect(linearScale([0, 60_000], 0, 1, 12).ticks).toEqual(Array.from({ length: 13 }, (_, i) => i * 5000))
    expect(linearScale([-300, 1900], 0, 1, 5).ticks).toEqual([0, 500, 1000, 1500])
    expect([niceStep(3), niceStep(0.2), niceStep(700), niceFloor(3), niceFloor(0.97)]).toEqual([5, 0.2, 1000, 2, 0.5])
  })
})

describe('series', () => {
  const x = (i: number) => i * 10
  const y = (value: number) => 100 - value

  it('a missing value is a gap, never bridged and never zero', () => {
    expect(stepLine([1, 2, null, 4], x, y)).toBe('M0 99H10V98H20M30 96H40')
    expect(stepLine([null, null], x, y)).toBe('')
  })

  it('areas stand on each other', () => {
    expect(stepArea([0, 0], [5, 6], x, y)).toBe('M0 95H10L10 94H20L20 100H10L10 100H0Z')
  })

  it('joining bins adds counts and loses no spike', () => {
    const length = 2000
    const series = <T>(of: (i: number) => T) => Array.from({ length }, (_, i) => of(i))
    const bins = {
      widthMs: 100,
      startMs: series((i) => i * 100),
      ok: series(() => 2),
      fail: series((i) => (i === 777 ? 1 : 0)),
      unknown: series(() => 0),
      availability: series((i) => (i === 777 ? 0.5 : 1)),
      p50: series(() => null),
      p99: series((i) => (i === 777 ? 900 : 3)),
      max: series((i) => (i === 1999 ? 5000 : 4)),
    }
    const { bins: joined, joined: perColumn } = fitted(bins, 930)
    expect(perColumn).toBe(3)
    expect(joined.startMs).toHaveLength(667)
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
    expect([sum(joined.ok), sum(joined.fail)]).toEqual([4000, 1])
    expect(Math.min(...joined.availability.map((value) => value ?? 1))).toBe(0.5)
    expect([Math.max(...joined.p99.map((ms) => ms ?? 0)), Math.max(...joined.max.map((ms) => ms ?? 0))]).toEqual([900, 5000])
    expect(joined.p50.every((value) => value === null)).toBe(true)
    expect(fitted(bins, 5000).bins).toBe(bins)
  })

  it('the size of the drawing does not grow with the length of the run', () => {
    const long = structuredClone(model.timeline)
    const times = 40
    const repeated = <T>(values: T[]) => Array.from({ length: times }, () => values).flat()
    const { bins } = long
    long.toMs *= times
    long.bins = {
      widthMs: bins.widthMs,
      startMs: Array.from({ length: bins.startMs.length * times }, (_, i) => i * bins.widthMs),
      ...{ ok: repeated(bins.ok), fail: repeated(bins.fail), unknown: repeated(bins.unknown) },
      ...{ availability: repeated(bins.availability), p50: repeated(bins.p50), p99: repeated(bins.p99), max: repeated(bins.max) },
    }
    const short = timelineSvg(model.timeline)
    const { svg, joined } = timelineSvg(long)
    expect(short.joined).toBe(1)
    expect(joined).toBeGreaterThan(1)
    expect(svg.text.length).toBeLessThan(2 * short.svg.text.length)
  })

  it('an effective fault is shaded through the charts from its effect to its end, a planned one is not', () => {
    const bands = timelineSvg(model.timeline).svg.text.match(/class="band (\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)
    // the axis runs from x = 96 to 1026 over 60 s
    expect(bands).toHaveLength(2)
    expect(bands?.[0]).toContain('class="band process" x="359.8"')
    expect(bands?.[0]).toContain('width="79.7"')
  })
})

describe('figures', () => {
  it('durations carry their unit and no more digits than mean something', () => {
    expect([0, 0.31, 1.42, 31.8, 310, 999.4, 2604, 60_000, -20, null].map(duration)).toEqual(
      ['0 ms', '0.31 ms', '1.42 ms', '31.8 ms', '310 ms', '999 ms', '2.60 s', '60.0 s', '−20 ms', '–'],
    )
    expect([17_020, -250, null].map(moment)).toEqual(['17.02 s', '−0.25 s', '–'])
  })

  it('a share that is not whole is never rounded up to a hundred', () => {
    expect([1, 0.99999, 0.9999999, 0.9931, 0, null].map(percentage)).toEqual(['100 %', '99.9990 %', '99.9999 %', '99.31 %', '0.00 %', '–'])
  })

  it('a metric is written in its own unit', () => {
    expect(observed('availability', 0.9931)).toBe('99.31 %')
    expect(observed('elections', 2)).toBe('2')
    expect(observed('recovery', 310)).toBe('310 ms')
    expect(observed('linearizable', 'ok')).toBe('ok')
    expect(observed('recovery', null)).toBe('no value')
    expect(count(11_003)).toBe('11,003')
  })
})
