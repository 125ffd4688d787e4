import { describe, expect, it } from 'vitest'
import { meanOf } from '@shared/stats/mean'

describe('a mean and its 95 % confidence interval', () => {
  it('of nothing there is none, of one value no interval', () => {
    expect(meanOf([])).toBeNull()
    expect(meanOf([7])).toEqual({ mean: 7, halfWidth: null, n: 1 })
  })

  // R: t.test(c(1,2,3,4,5))$conf.int → 1.036757 4.963243; t.test(1:41)$conf.int → 17.21873 24.78127
  it.each([
    [[1, 2, 3, 4, 5], 3, 1.963243],
    [Array.from({ length: 41 }, (_, index) => index + 1), 21, 3.78127],
  ])('of %j', (values, mean, halfWidth) => {
    const found = meanOf(values)!
    expect(found.mean).toBeCloseTo(mean, 9)
    expect(Math.abs(found.halfWidth! / halfWidth - 1)).toBeLessThan(0.001)
  })
})
