import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, nearestWord } from '@shared/plan/nearest'
import {
  formatDuration, formatPercentage, formatRate, formatSize, parseDuration, parsePercentage, parseRate, parseSize, type Quantity,
} from '@shared/plan/units'

const value = (quantity: Quantity): number => {
  if (!quantity.ok) throw new Error(quantity.message)
  return quantity.value
}

describe('quantities', () => {
  it.each([
    ['150ms', 150], ['1.5s', 1500], ['2m', 120_000], ['1h', 3_600_000], ['250µs', 0.25], ['0ms', 0], ['4.35s', 4350], ['0.001ms', 0.001],
  ])('a duration %s is %d ms', (text, ms) => expect(value(parseDuration(text))).toBe(ms))

  it.each([['128B', 128], ['1KB', 1000], ['1KiB', 1024], ['1.5KiB', 1536], ['1MiB', 1_048_576], ['2MB', 2_000_000]])(
    'a size %s is %d bytes',
    (text, bytes) => expect(value(parseSize(text))).toBe(bytes),
  )

  it.each([['200/s', 200], ['0.5/s', 0.5], ['600/min', 10]])('a rate %s is %d per second', (text, perS) =>
    expect(value(parseRate(text))).toBe(perS))

  it.each([['99%', 0.99], ['99.9%', 0.999], ['99.99%', 0.9999], ['100%', 1], ['0%', 0], ['57%', 0.57]])(
    'a percentage %s is the double nearest to %d',
    (text, ratio) => expect(value(parsePercentage(text))).toBe(ratio),
  )

  it.each([
    [parseDuration('150'), '150ms'], [parseDuration('5', 's'), '5s'], [parseDuration('50 ms'), '50ms'], [parseDuration('5sec'), '5s'],
    [parseDuration('5S'), '5s'], [parseDuration('2 minutes'), '2m'], [parseDuration('1,5s'), '1.5s'], [parseSize('4k'), '4KB'],
    [parseSize('1kib'), '1KiB'], [parseRate('200 rps'), '200/s'], [parseRate('200'), '200/s'], [parsePercentage('99'), '99%'],
    [parsePercentage('99 percent'), '99%'], [parseDuration('soon'), null], [parseDuration('5 parsecs'), null], [parseDuration('5 constructor'), null],
  ])('%# refuses a wrong way of writing and says the right one: %j', (quantity, suggestion) => {
    expect(quantity).toMatchObject({ ok: false, suggestion })
  })

  it('what is formatted reads as the same number', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (n) => {
      expect(value(parseDuration(formatDuration(n)))).toBe(n)
      expect(value(parseDuration(formatDuration(n / 1000)))).toBe(n / 1000)
      expect(value(parseSize(formatSize(n)))).toBe(n)
      expect(value(parseRate(formatRate(n)))).toBe(n)
      expect(value(parseRate(formatRate(n / 1000)))).toBe(n / 1000)
      expect(value(parseRate(formatRate(n / 60)))).toBeCloseTo(n / 60, 6)
      expect(value(parsePercentage(formatPercentage((n % 1_000_001) / 1_000_000)))).toBe((n % 1_000_001) / 1_000_000)
    }))
  })

  it('what is read and formatted reads the same again', () => {
    const amount = fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 999 })).map(([whole, part]) => `${whole}.${part}`)
    fc.assert(fc.property(amount, fc.constantFrom('µs', 'ms', 's', 'm', 'h'), (digits, unit) => {
      const ms = value(parseDuration(`${digits}${unit}`))
      expect(value(parseDuration(formatDuration(ms)))).toBe(ms)
    }))
    fc.assert(fc.property(amount, (digits) => {
      const ratio = value(parsePercentage(`${digits}%`))
      expect(value(parsePercentage(formatPercentage(ratio)))).toBe(ratio)
    }))
  })

  it('no text makes a reader throw', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      for (const read of [parseDuration, parseSize, parseRate, parsePercentage]) expect(typeof read(text).ok).toBe('boolean')
    }))
  })

  it.each([
    [2000, '2s'], [1500, '1500ms'], [120_000, '2m'], [7_200_000, '2h'], [0, '0ms'], [0.25, '250µs'], [61_000, '61s'],
  ])('%d ms is written %s', (ms, text) => expect(formatDuration(ms)).toBe(text))
})

describe('the nearest right word', () => {
  it.each([['', 'abc', 3], ['kitten', 'sitting', 3], ['leader', 'ledaer', 1], ['abc', 'ab', 1], ['ab', 'ba', 1]])(
    '%s and %s are %d edits apart; a swap of neighbours is one',
    (a, b, edits) => expect(editDistance(a, b)).toBe(edits),
  )

  it.each([
    ['ledaer', 'leader'], ['Leader', 'leader'], ['folower', 'follower'], ['minorty', 'minority'], ['xyz', null], ['', null], ['all-nodes', null],
  ])('for %s is %s', (wrong, right) => {
    expect(nearestWord(wrong, ['leader', 'follower', 'any', 'all', 'minority', 'majority'])).toBe(right)
  })
})
