/** What the window lists: the scenarios as they are, each with the newest run of its very plan. */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { contract } from '@shared/api/contract'
import type { RunSummary } from '@shared/run/report'
import { scenarioEntries, scenarioPlanText } from '../../../src-main/lab/scenarios/entries'
import { scenarios } from '../../../src-main/lab/scenarios/scenario'
import { sign } from '../../../src-renderer/screens/scenarios/outcome'

const all = scenarios(fileURLToPath(new URL('../../../resources/scenarios', import.meta.url)))
const runOf = (run: string, text: string): RunSummary => ({
  run, title: 'same title', started: '2026-01-01T00:00:00.000Z', end: 'COMPLETED', verdict: 'NOT_HELD', valid: true, sha256: createHash('sha256').update(text).digest('hex'),
})

it('keeps to the contract, and every plan it names can be started', () => {
  const entries = scenarioEntries([], all)
  expect(entries.length).toBeGreaterThan(0)
  expect(contract['scenarios:list'].response.safeParse(entries).error).toBeUndefined()
  for (const { configurations } of entries) {
    for (const { plan, text } of configurations) {
      expect(scenarioPlanText(plan, all)).toBe(text)
      expect(contract['run:start'].request.safeParse({ plan }).success).toBe(true)
    }
  }
  expect(scenarioPlanText('01-nothing/bad', all)).toBeNull()
})

it('shows of each configuration the newest run of the same text, and whether it ended as it has to', () => {
  const { bad, good } = all[0]!.plans
  const runs = [runOf('new', bad.text), runOf('old', bad.text), runOf('good', good.text), runOf('changed', `${bad.text}# another`)]
  const [badEntry, goodEntry] = scenarioEntries(runs, all)[0]!.configurations
  expect([badEntry!.last!.run, goodEntry!.last!.run]).toEqual(['new', 'good'])
  expect([sign(badEntry!), sign(goodEntry!), sign({ last: null, wanted: 'HELD' })]).toEqual(['✓', '✕', '·'])
  expect(sign({ last: { ...runs[0]!, valid: false }, wanted: 'NOT_HELD' })).toBe('·')
})
