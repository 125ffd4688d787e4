/** What a fault was asked to be, in words. */
import { expect, it } from 'vitest'
import { faultKinds } from '@shared/plan/faults'
import { askedOf, askedText, shortText } from '@shared/plan/faults/asked'

it('says what the plan had to say, and leaves out what is usual', () => {
  expect(askedText('latency', { latency: 100, jitter: 20, path: 'peer' })).toBe('latency 100ms, jitter 20ms')
  expect(shortText('latency', { latency: 100, jitter: 0, path: 'client' })).toBe('100ms')
  expect(askedText('crash', { restart: null })).toBe('')
  expect(askedOf('latency', { latency: 1500, jitter: 0, path: 'peer' }).map(({ name, value, isUsual }) => [name, value, isUsual])).toEqual([
    ['latency', '1500ms', false], ['jitter', '0ms', true], ['path', 'peer', true],
  ])
})

it('has words for every parameter of every fault in the list', () => {
  for (const { kind, parameters } of faultKinds) {
    const values = Object.fromEntries(Object.entries(parameters).map(([name, { initial, min, options }]) => [name, initial ?? min ?? options?.[0] ?? null]))
    for (const { value, help } of askedOf(kind, values)) expect([value, help].every((text) => text.length > 0 && !/undefined|NaN|object/.test(text)), kind).toBe(true)
  }
})
