/** Whatever the text, `parsePlan` answers: a plan that expands, or problems that point into the text. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand } from '@shared/plan/expand'
import { parsePlan } from '@shared/plan/parse'
import { unfold } from '@shared/plan/unfold'

const folder = new URL('../../../resources/plans/', import.meta.url)
const plans = readdirSync(folder).filter((name) => name.endsWith('.yaml')).map((name) => readFileSync(new URL(name, folder), 'utf8'))

function expectAnswer(text: string): void {
  const { plan, problems } = parsePlan(text)
  const lines = text.split('\n').length
  for (const problem of problems) {
    expect(problem.line).toBeGreaterThanOrEqual(1)
    expect(problem.line).toBeLessThanOrEqual(Math.max(1, lines))
    expect(problem.column).toBeGreaterThanOrEqual(1)
    expect(problem.message).not.toBe('')
  }
  expect(plan === null).toBe(problems.some((problem) => problem.severity === 'error'))
  if (plan) expect(expand(plan, plan.seed).schedule).toHaveLength(unfold(plan, plan.seed).length)
}

const words = [
  'leader', 'n9', '[', ']', '{', '}', ': ', '- ', '"', "'", '&a ', '*a', '!x ', '|', '>', '#', '\n', '\t', '  ', '0', '-1', '1e999', '99999999999999999999', '.inf', '.nan',
  'null', 'true', '~', '5s', '%', '__proto__', 'constructor', '\u0000', 'é', '😀', '<<: *a', '---\n', '...', '%YAML 1.1\n---\n', '? ', ',', 'crash', 'all', 'n1->n2', '0x10', '1:30',
]

describe('parsePlan', () => {
  it('answers any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectAnswer), { numRuns: 300 })
  })

  it('answers plans with pieces replaced, removed, doubled and moved', () => {
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.integer({ min: 0, max: 12 }), put: fc.constantFrom('', ...words) })
    fc.assert(
      fc.property(fc.constantFrom(...plans), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        let mutated = text
        for (const { at, cut, put } of edits) {
          const offset = Math.floor(at * mutated.length)
          mutated = mutated.slice(0, offset) + put + mutated.slice(offset + cut)
        }
        expectAnswer(mutated)
      }),
      { numRuns: 1000 },
    )
  })

  it('answers plans with any value where another was', () => {
    const value = fc.oneof(fc.constantFrom(...words.filter((word) => !word.includes('\n'))), fc.integer().map(String), fc.double().map(String), fc.json({ maxDepth: 3 }))
    const places = plans.flatMap((text) => [...text.matchAll(/: ([^\s,{}[\]][^,}\]\n]*)/g)].map((match) => ({ text, from: match.index + 2, to: match.index + match[0].length })))
    fc.assert(
      fc.property(fc.constantFrom(...places), value, ({ text, from, to }, put) => expectAnswer(text.slice(0, from) + put + text.slice(to))),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['text over 1 MiB', `faultline: 1\ntitle: ${'x'.repeat(1024 * 1024)}`, '1 MiB'],
    ['text over 1 MiB in bytes only', `faultline: 1\ntitle: ${'é'.repeat(600_000)}`, '1 MiB'],
    ['aliases without end', `faultline: 1\ntitle: T\nexpect: &a [${'*a,'.repeat(500)}]`, 'aliases'],
    ['lists in lists in lists', `faultline: 1\ntitle: T\ntimeline: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, ''],
    ['a list of ten thousand', `faultline: 1\ntitle: T\ntimeline: [${'{},'.repeat(10_000)}]`, 'more than 500'],
    ['a map of ten thousand', `faultline: 1\ntitle: T\n${Array.from({ length: 10_000 }, (_, k) => `key${k}: 1`).join('\n')}`, 'unknown key'],
  ])('refuses %s', (_name, text, message) => {
    const { plan, problems } = parsePlan(text)
    expect(plan).toBeNull()
    expect(problems.length).toBeLessThanOrEqual(100)
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message)
  })

  it('an alias stands for what its anchor says', () => {
    const { plan } = parsePlan('faultline: 1\ntitle: T\nload: { client: { connectTimeout: &t 4s, readTimeout: *t } }')
    expect(plan!.loads[0]!.client).toEqual({ connectTimeoutMs: 4000, readTimeoutMs: 4000, pool: null })
  })

  it('a part with nothing in it is as good as none', () => {
    const bare = parsePlan('faultline: 1\ntitle: T\n').plan
    expect(parsePlan('faultline: 1\ntitle: T\ncluster:\nload: # {}\ntimeline:\n  # - { id: a }\nexpect: ~\n').plan).toEqual(bare)
  })

  it('reads lines that end in CR LF', () => {
    const { problems } = parsePlan('faultline: 1\r\ntitle: T\r\nload:\r\n  rate: 5\r\n')
    expect(problems).toMatchObject([{ line: 4, column: 9, path: 'load.rate', suggestion: '5/s' }])
  })
})
