/** Whatever the text, `parsePlan` answers: a plan that expands, or problems that point into the text. Nothing is injected. */
import { readdirSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expand } from '@shared/plan/expand'
import { catalogue } from '@shared/plan/faults/catalogue'
import { parsePlan } from '@shared/plan/parse'
import { unfold } from '@shared/plan/unfold'
import { problemsWithSeed } from '@shared/plan/with-seed'

const folder = new URL('../../../resources/', import.meta.url)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /^(plans|scenarios)\b.*\.yaml$/.test(name) && !name.endsWith('scenario.yaml'))

/** Every fault, and every way of saying when, whom and how often. */
const WIDE = `faultline: 1
title: Wide
seed: 7
cluster:
  nodes: [{ id: n1, zone: a }, { id: n2, zone: a }, { id: n3, zone: b }, { id: n4, zone: b, priority: 10 }, { id: n5, zone: c }, { id: n6, spare: true }, { id: n7, learner: true }]
  network: { latency: 2ms, jitter: 1ms }
zones: { links: { "a<->b": { latency: 5ms, jitter: 1ms }, "a->c": { latency: 20ms } } }
blastRadius: { nodes: 5, allowQuorumLoss: true }
phases: { faults: 200s }
timeline:
  - { id: w-1, when: leader elected, within: 20s, for: 2s, fault: latency, latency: 20ms, target: leader and not n3 }
  - { id: w-2, when: "queue > 500 for 2s", for: 1s, fault: pause, target: 2 of followers }
  - { id: r-1, at: 40s, for: 1s, repeat: 3, every: 10s, spread: 2s, fault: crash, target: "1 of (followers and zone(b))" }
  - { id: s-1, at: 80s, for: 1s, fault: partition, mode: refuse, shape: bridge, target: leader }
  - { id: s-2, at: 85s, for: 1s, fault: partition, mode: drop, target: zone(a)->zone(b) }
${catalogue().map(({ example }, index) => `  - ${example.replace('at: 2s', `at: ${90 + index}s`).replace('for: 5s', 'for: 500ms')}`).join('\n')}
monkey: { phase: recovery, gap: [1s, 2s], faults: [{ weight: 3, for: [1s, 2s], fault: latency, latency: 5ms, target: any }, { fault: pause, for: 1s, target: n1 or n2 }] }
slos: [{ name: a, objective: 99.9%, good: { outcome: ok, within: 500ms } }]
expect: [{ metric: recovery, fault: r-1, is: "<= 2s" }, { metric: linearizable, is: "ok" }]
guards: [{ when: "fsync > 200ms for 3s", then: stop }, { when: "availability < 20% for 20s", then: stop }]
`
const plans = [...files.map((name) => readFileSync(new URL(name, folder), 'utf8')), WIDE]

/** In one go: vitest's matchers are too slow for so many. */
function expectAnswer(text: string): void {
  const { plan, problems } = parsePlan(text)
  const rows = text.split(/\r\n|\n/)
  for (const { line, column, message } of problems) {
    const isInside = line >= 1 && line <= rows.length && column >= 1 && column <= rows[line - 1]!.length + 2
    if (!isInside || message === '') expect.fail(`problem at ${line}:${column} "${message}" in\n${text}`)
  }
  if ((plan === null) !== problems.some((problem) => problem.severity === 'error')) expect.fail(`a plan with errors, or none without, of\n${text}`)
  if (!plan) return
  usable++
  if (expand(plan, plan.seed).schedule.length !== unfold(plan, plan.seed).length) expect.fail(`not every fault is in the schedule of\n${text}`)
  problemsWithSeed(plan, plan.seed + 1)
}

/** How many of the mutated plans were plans all the same: a fuzzer that only makes nonsense tests little. */
let usable = 0

const words = [
  'leader', 'n9', '[', ']', '{', '}', ': ', '- ', '"', "'", '&a ', '*a', '!x ', '|', '>', '#', '\n', '\t', '  ', '0', '-1', '1e999', '99999999999999999999', '.inf', '.nan',
  'null', 'true', '~', '5s', '%', '__proto__', 'constructor', '\u0000', 'é', '😀', '<<: *a', '---\n', '...', '%YAML 1.1\n---\n', '? ', ',', 'crash', 'all', 'n1->n2', '0x10', '1:30',
  'not ', '2 of ', '(', ')', 'zone(a)', 'followers', ' and ', ' or ', 'when: leader lost', 'repeat: 100', 'every: 1s', 'spread: 1h', 'for: 0s', 'monkey', 'learners', '<->', '->*', 'shape: ring', 'spare: true',
]

/** What injecting would have to go through. */
const ways = (): ReturnType<typeof vi.spyOn>[] => [vi.spyOn(Socket.prototype, 'connect'), vi.spyOn(process, 'kill'), vi.spyOn(globalThis, 'fetch')]

describe('parsePlan', { timeout: 60_000 }, () => {
  let spies: ReturnType<typeof ways> = []
  beforeEach(() => {
    usable = 0
    spies = ways()
  })
  afterEach(() => {
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  it('takes the plans that the mutations start from', () => {
    for (const text of plans) expect(parsePlan(text).problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('answers any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectAnswer), { numRuns: 500 })
  })

  it('answers plans with pieces replaced, removed, doubled and moved', () => {
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.integer({ min: 0, max: 12 }), put: fc.constantFrom('', ...words) })
    fc.assert(
      fc.property(fc.constantFrom(...plans), fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
        let mutated = text
        for (const { at, cut, put } of edits) {
          const offset = Math.floor(at * mutated.length)
          mutated = mutated.slice(0, offset) + put + mutated.slice(offset + cut)
        }
        expectAnswer(mutated)
      }),
      { numRuns: 4000 },
    )
    expect(usable).toBeGreaterThan(50)
  })

  it('answers plans with any value where another was', () => {
    const value = fc.oneof(fc.constantFrom(...words.filter((word) => !word.includes('\n'))), fc.integer().map(String), fc.double().map(String), fc.json({ maxDepth: 3 }))
    const places = plans.flatMap((text) => [...text.matchAll(/: ([^\s,{}[\]][^,}\]\n]*)/g)].map((match) => ({ text, from: match.index + 2, to: match.index + match[0].length })))
    fc.assert(
      fc.property(fc.constantFrom(...places), value, ({ text, from, to }, put) => expectAnswer(text.slice(0, from) + put + text.slice(to))),
      { numRuns: 3000 },
    )
    expect(usable).toBeGreaterThan(50)
  })

  it('answers plans with a value, a key or an entry of another plan in its place', () => {
    const pieces = [...new Set(plans.flatMap((text) => text.match(/[\w.-]+: (?:\[[^\]\n]*\]|"[^"\n]*"|[^,{}[\]\n]+)|"[^"\n]*"|\w+(?=:)|\d\w*|- \{.*\}/g) ?? []))]
    const places = plans.flatMap((text) => [...text.matchAll(/[\w.-]+: (?:\[[^\]\n]*\]|"[^"\n]*"|[^,{}[\]\n]+)|\d\w*|- \{.*\}/g)].map((match) => ({ text, from: match.index, to: match.index + match[0].length })))
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...pieces), ({ text, from, to }, put) => expectAnswer(text.slice(0, from) + put + text.slice(to))),
      { numRuns: 3000 },
    )
    expect(usable).toBeGreaterThan(100)
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
