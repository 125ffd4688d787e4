import { describe, expect, it } from 'vitest'
import { medianOf } from '@shared/stats/median'
import { seededRandom } from '@shared/stats/random'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

describe('a median and its 95 % confidence interval', () => {
  it('of nothing there is none, of fewer than six values no interval', () => {
    expect(medianOf([])).toBeNull()
    expect(medianOf([3, 1])).toEqual({ median: 2, halfWidth: null, n: 2 })
    expect(medianOf(upTo(5))).toMatchObject({ median: 3, halfWidth: null })
  })

  // ranks of the usual table: 1 and 6 of 6, 40 and 61 of 100
  it.each([
    [upTo(6), 3.5, 2.5],
    [upTo(100), 50.5, 10.5],
  ])('lies between two order statistics', (values, median, halfWidth) => {
    expect(medianOf(values.toReversed())).toEqual({ median, halfWidth, n: values.length })
  })

  it('is not moved by a few readings that are far off', () => {
    expect(medianOf([10, 10, 10, 10, 10, 10, 900])).toMatchObject({ median: 10 })
  })

  it('has the true value in its interval at least 95 times of 100', () => {
    const random = seededRandom(7, 'median')
    const hits = upTo(400).filter(() => {
      const { median, halfWidth } = medianOf(upTo(31).map(() => random()))!
      return Math.abs(median - 0.5) <= halfWidth!
    })
    expect(hits.length / 400).toBeGreaterThan(0.92)
  })
})
