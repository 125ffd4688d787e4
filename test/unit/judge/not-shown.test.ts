import { describe, expect, it } from 'vitest'
import type { FaultStage, RunEvent } from '@shared/run/event'
import { judge } from '../../../src-main/lab/judge/judge'
import { renderHtml } from '../../../src-main/lab/report/html'
import { atNs, crash, expectation, fault, plan, records } from './run'

const size = { what: 'round trip', asked: 100, seen: 101.34, spread: 0.82, n: 40, unit: 'ms' }
const failed = (id: string, atMs: number, detail: string): RunEvent => ({ kind: 'fault', atNs: atNs(atMs), id, fault: 'crash', stage: 'failed', targets: ['leader'], detail })
const stages = (...names: FaultStage[]) => fault('a', Object.fromEntries(names.map((stage, index) => [stage, 16_000 + index])))

function judged(events: RunEvent[]) {
  const held = expectation('availability', '>= 95%', 0.95)
  return judge(records({ events }), plan({ timeline: [crash('a', 0)], expect: [held] }))
}

describe('a fault that did not show', () => {
  it.each([
    [[failed('a', 16_000, 'blast radius: n1, n2, n3 would be out at once, the plan allows 2')], 'blast radius: n1, n2, n3 would be out at once, the plan allows 2'],
    [[failed('a', 16_000, 'never started: leader elected')], 'never started: leader elected'],
    [stages('requested', 'acknowledged', 'undo-requested', 'undone'), 'its effect was never seen'],
    [stages('requested'), 'its calls were never acknowledged'],
    [[], 'its moment never came'],
  ])('makes the verdict INCONCLUSIVE, and the report says which and why (%#)', (events, why) => {
    const model = judged(events)
    expect(model.report).toMatchObject({ verdict: 'INCONCLUSIVE', faults: [{ id: 'a', not_shown: why }] })
    expect(renderHtml(model)).toContain(`1 of 1 expectations were met, but crash a did not show (${why}).`)
  })

  it('is told from one that did', () => {
    const { report } = judged(stages('requested', 'acknowledged', 'observed', 'undone'))
    expect(report.verdict).toBe('HELD')
    expect(report.faults[0]).not.toHaveProperty('not_shown')
  })
})

describe('the size of a fault', () => {
  it('stands in report.json, and in the report beside what was asked', () => {
    const events = stages('requested', 'acknowledged', 'observed', 'measured', 'undo-requested', 'undone')
    const model = judged(events.map((event) => (event.kind === 'fault' && event.stage === 'measured' ? { ...event, size } : event)))
    expect(model.report.faults[0]!.size).toEqual(size)
    expect(renderHtml(model)).toContain('asked 100 ms, seen 101.3 ± 0.8 ms')
  })
})
