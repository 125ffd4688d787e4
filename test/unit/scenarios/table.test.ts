import { describe, expect, it } from 'vitest'
import type { FaultResult, Report } from '@shared/run/report'
import { recoveryByKind } from '../../../src-main/lab/report/recovery-by-kind'
import { marked, withMarked } from '../../../src-main/lab/scenarios/page'
import { isAsWanted, mergedTable, type ScenarioRun } from '../../../src-main/lab/scenarios/table'

const scenario = { id: '07-deaf', number: 7, title: 'Deaf', tells: { bad: 'off', good: 'on', metrics: ['elections'], differs: ['cluster'] } }

function ran(configuration: 'bad' | 'good', verdict: Report['verdict'], of: Partial<typeof scenario> = {}): ScenarioRun {
  const expectations = [
    { metric: 'elections', expected: '== 0', observed: 3, held: false },
    { metric: 'linearizable', expected: 'ok', observed: 'ok', held: true },
  ]
  const report = { end: 'COMPLETED', verdict, valid: true, invalid: [], expectations } as unknown as Report
  return { scenario: { ...scenario, ...of }, configuration, report }
}

describe('verdicts of scenarios', () => {
  it('a bad configuration is as wanted when its hypothesis did not hold, a good one when it did', () => {
    expect(isAsWanted(ran('bad', 'NOT_HELD'))).toBe(true)
    expect(isAsWanted(ran('bad', 'HELD'))).toBe(false)
    expect(isAsWanted(ran('good', 'HELD'))).toBe(true)
    expect(isAsWanted(ran('good', 'INCONCLUSIVE'))).toBe(false)
    expect(isAsWanted({ ...ran('bad', 'NOT_HELD'), report: { ...ran('bad', 'NOT_HELD').report, end: 'CANCELED' } })).toBe(false)
  })

  it('a row holds the figures that tell, and takes the place of its older one; others stay, in order', () => {
    const first = mergedTable('', [ran('good', 'HELD'), ran('bad', 'HELD'), ran('bad', 'NOT_HELD', { number: 12, title: 'a|b' })])
    const rows = mergedTable(first, [ran('bad', 'NOT_HELD')]).split('\n').slice(2)
    expect(rows).toEqual([
      '| 07 | Deaf | bad | NOT HELD | NOT HELD | elections 3 (== 0, not held) | yes |',
      '| 07 | Deaf | good | HELD | HELD | elections 3 (== 0, not held) | yes |',
      '| 12 | a\\|b | bad | NOT HELD | NOT HELD | elections 3 (== 0, not held) | yes |',
    ])
  })

  it('a page changes between its markers only', () => {
    const page = 'above\n<!-- begin t -->\nold\n<!-- end t -->\nbelow\n'
    expect(marked(page, 't')).toBe('old')
    expect(withMarked(page, 't', 'new')).toBe('above\n<!-- begin t -->\nnew\n<!-- end t -->\nbelow\n')
    expect(() => withMarked('nothing', 't', 'new')).toThrow('<!-- begin t -->')
  })
})

describe('recovery per fault type', () => {
  const fault = (id: string, kind: string, effective_ms: number | null, onset_ms: number | null, restored_ms: number | null): FaultResult =>
    ({ id, fault: kind, targets: ['n1'], effective_ms, onset_ms, restored_ms }) as FaultResult

  it('takes mean, median and maximum over what recovered, and counts what did not', () => {
    const kinds = recoveryByKind([
      fault('a.1', 'crash', 1000, 1100, 1400),
      fault('b', 'latency', 5000, null, null),
      fault('a.2', 'crash', 9000, 9100, 10_000),
      fault('a.3', 'crash', 20_000, 20_100, null),
      fault('a.4', 'crash', null, null, null),
    ])
    expect(kinds).toEqual([
      { fault: 'crash (a)', ids: ['a.1', 'a.2', 'a.3'], targets: ['n1'], triggers: 3, meanMs: 700, medianMs: 400, maxMs: 1000, notRecovered: 1 },
      { fault: 'latency', ids: ['b'], targets: ['n1'], triggers: 1, meanMs: 0, medianMs: 0, maxMs: 0, notRecovered: 0 },
    ])
  })

  it('entries of one kind that say each time themselves share a row, those that repeat have one each', () => {
    const kinds = recoveryByKind([fault('a', 'crash', 1, 1, 2), fault('b', 'crash', 3, 3, 4), fault('c.1', 'crash', 5, 5, 6), fault('d.1', 'crash', 7, 7, 8)])
    expect(kinds.map((kind) => [kind.fault, kind.ids])).toEqual([['crash', ['a', 'b']], ['crash (c)', ['c.1']], ['crash (d)', ['d.1']]])
  })
})
