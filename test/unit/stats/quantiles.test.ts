import fc from 'fast-check'
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { mergeHistograms } from '@shared/stats/histogram'
import { ascending, quantile } from '@shared/stats/quantiles'
import { median, medianAbsoluteDeviation } from '@shared/stats/spread'

describe('quantile by nearest rank', () => {
  // ⌈q·n⌉-th of the ordered values; example of Wikipedia "Percentile", nearest-rank method
  it.each([
    [0.05, 15],
    [0.3, 20],
    [0.4, 20],
    [0.5, 35],
    [1, 50],
  ])('%f of {15, 20, 35, 40, 50} is %i', (q, value) => {
    expect(quantile(ascending([50, 15, 40, 20, 35]), q)).toBe(value)
  })

  it('the 99th of a hundred is not the maximum', () => {
    const hundred = ascending(Array.from({ length: 100 }, (_, i) => i + 1))
    expect(quantile(hundred, 0.99)).toBe(99)
    expect(quantile(hundred, 0.999)).toBe(100)
  })

  it('of nothing is null', () => expect(quantile([], 0.5)).toBeNull())

  it('at least a share q lies at or below it, and less than q below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 1000 }),
        (values, thousandths) => {
          const found = quantile(ascending(values), thousandths / 1000)!
          const count = (holds: (value: number) => boolean) => values.filter(holds).length * 1000
          return (
            count((value) => value <= found) >= thousandths * values.length &&
            count((value) => value < found) < thousandths * values.length
          )
        },
      ),
    )
  })
})

describe('median and MAD', () => {
  it('of {1, 1, 2, 2, 4, 6, 9}: 2 and 1', () => {
    // |x − 2| = 1 1 0 0 2 4 7 → ordered 0 0 1 1 2 4 7 → 1
    expect(median([1, 1, 2, 2, 4, 6, 9])).toBe(2)
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1)
  })
  it('of an even number: the mean of the middle two', () => expect(median([4, 1, 3, 2])).toBe(2.5))
  it('of nothing is null', () => expect([median([]), medianAbsoluteDeviation([])]).toEqual([null, null]))
})

describe('merged histograms', () => {
  const encoded = (values: number[]): string => {
    const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 })
    for (const value of values) histogram.recordValue(value)
    return encodeIntoCompressedBase64(histogram)
  }

  it('equal the quantile of all values together up to the bucket width, which no mean of quantiles does', () => {
    const calm = Array.from({ length: 900 }, (_, i) => 1_000 + i)
    const bad = Array.from({ length: 100 }, (_, i) => 500_000 + 1_000 * i)
    const merged = mergeHistograms([encoded(calm), encoded(bad), ''])
    const exact = quantile(ascending([...calm, ...bad]), 0.99)!
    expect(merged.count).toBe(1_000)
    expect(Math.abs(merged.quantile(0.99)! - exact) / exact).toBeLessThan(0.002)
  })

  it('of nothing have no quantile', () => {
    expect(mergeHistograms([]).quantile(0.99)).toBeNull()
    expect(mergeHistograms([encoded([])]).quantile(0.99)).toBeNull()
  })
})
