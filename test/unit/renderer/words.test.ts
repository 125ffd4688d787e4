/** What is written: numbers, and a catalogue that holds what the screens ask for. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { en } from '../../../src-renderer/i18n/en'
import { clock, duration, percent, seconds } from '../../../src-renderer/i18n/format'
import { observedText } from '../../../src-renderer/screens/result/expectation'
import { slowestRecovery } from '../../../src-renderer/screens/result/keyNumbers'

const ROOT = fileURLToPath(new URL('../../../src-renderer', import.meta.url))

describe('numbers', () => {
  it('never round up to all', () => {
    expect([percent(0.99999), percent(1), percent(0.9986), percent(null)]).toEqual(['99.99 %', '100 %', '99.86 %', '–'])
  })
  it('carry three figures or so, and a dash when absent', () => {
    expect([0.42, 9.96, 742, 999.7, 1_243, 12_400, 125_000, null].map(duration)).toEqual([
      '0.42 ms', '9.96 ms', '742 ms', '1.00 s', '1.24 s', '12.4 s', '2:05', '–',
    ])
    expect([seconds(-600, 2), clock(59_600)]).toEqual(['−0.60 s', '1:00'])
  })
  it('stand in the unit of their metric', () => {
    const text = (metric: string, observed: number | string | null) => observedText({ metric, observed })
    expect([text('availability', 0.985), text('recovery', 742), text('lost_writes', 0), text('linearizable', 'ok'), text('recovery', null)]).toEqual([
      '98.50 %', '742 ms', '0', 'ok', null,
    ])
  })
})

describe('recovery, the key number', () => {
  const fault = {
    id: 'f', fault: 'crash' as const, targets: [], planned_ms: 0, requested_ms: 0, effective_ms: 100, undone_ms: 900, onset_ms: 110,
    detected_ms: null, elected_ms: null, restored_ms: 700, recovered_ms: null, censored_at_ms: null,
  }
  it('is that of the slowest fault, from effect to restored', () => {
    expect(slowestRecovery([fault, { ...fault, restored_ms: 900 }])).toEqual({ kind: 'restored', ms: 800, faults: 2 })
  })
  it('names a fault that was never recovered from, whatever the others did', () => {
    expect(slowestRecovery([fault, { ...fault, id: 'g', restored_ms: null, censored_at_ms: 5_100 }])).toEqual({ kind: 'never', fault: 'g', sinceMs: 5_000 })
  })
})

describe('the catalogue', () => {
  const keys = new Set(flatten(en, ''))
  const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(vue|ts)$/.test(name) && !name.startsWith('i18n'))
    .map((name) => readFileSync(join(ROOT, name), 'utf8'))

  it('holds every string the screens name', () => {
    const asked = sources.flatMap((text) => [...text.matchAll(/\b(?:t|words)\('([\w.-]+)'/g)].map((match) => match[1]!))
    expect(asked.length).toBeGreaterThan(80)
    expect(asked.filter((key) => !keys.has(key))).toEqual([])
  })
})

function flatten(node: object, path: string): string[] {
  return Object.entries(node).flatMap(([name, value]) => (typeof value === 'string' ? [path + name] : flatten(value as object, `${path}${name}.`)))
}
