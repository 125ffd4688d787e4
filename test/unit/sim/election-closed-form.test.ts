import { describe, expect, it } from 'vitest'
import { closedFormMs, splitProbability } from '../../../src-main/sim/election-closed-form'

describe('the probability of a split vote', () => {
  it.each([
    [0.01, 6 * 0.01 ** 2 * 0.99 ** 2 + 4 * 0.01 ** 3 * 0.99 + 0.01 ** 4, '0.06 %'],
    [0.1, 6 * 0.1 ** 2 * 0.9 ** 2 + 4 * 0.1 ** 3 * 0.9 + 0.1 ** 4, '5.2 %'],
    [0.2, 6 * 0.2 ** 2 * 0.8 ** 2 + 4 * 0.2 ** 3 * 0.8 + 0.2 ** 4, '18.1 %'],
  ])('with four survivors of five, l = %f, is written out by hand', (share, expected, rounded) => {
    const probability = splitProbability(5, share)
    expect(probability).toBeCloseTo(expected, 12)
    expect(`${Number((probability * 100).toFixed(share < 0.05 ? 2 : 1))} %`).toBe(rounded)
  })

  it('with both survivors of three is that either follows the other too closely', () => {
    // c = 2 − 1 + 1 = 2, so k = 1, 2: 1 − (1 − l)²
    expect(splitProbability(3, 0.1)).toBeCloseTo(1 - 0.9 ** 2, 12)
  })
})

describe('the closed form', () => {
  it('is (T + w/(s+1) + L) / (1 − P) + L + W − T/4', () => {
    const split = 6 * 0.05 ** 2 * 0.95 ** 2 + 4 * 0.05 ** 3 * 0.95 + 0.05 ** 4
    const expected = (150 + 150 / 5 + 7.5) / (1 - split) + 7.5 - 37.5
    expect(closedFormMs({ nodes: 5, timeoutMs: [150, 300], broadcastMs: 15, storeMs: 0 })).toBeCloseTo(expected, 9)
    expect(expected).toBeCloseTo(160.17, 2)
    expect(closedFormMs({ nodes: 5, timeoutMs: [150, 300], broadcastMs: 15, storeMs: 4 })).toBeCloseTo(expected + 4, 9)
  })

  it('has no value where timeouts do not differ, or by less than five one-way delays', () => {
    const at = (timeoutMs: readonly [number, number], broadcastMs: number) =>
      closedFormMs({ nodes: 5, timeoutMs, broadcastMs, storeMs: 0 })
    expect(at([150, 150], 15)).toBeNull()
    expect(at([150, 150], 0)).toBeNull()
    expect(at([150, 250], 40)).not.toBeNull()
    expect(at([150, 250], 40.1)).toBeNull()
  })
})
