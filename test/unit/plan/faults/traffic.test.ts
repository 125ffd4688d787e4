/** What faults of the traffic call, in the dry run. */
import { describe, expect, it } from 'vitest'
import { expand, substitute } from '@shared/plan/expand'
import { parsePlan } from '@shared/plan/parse'
import type { Call } from '@shared/plan/schedule'
import { loadChange } from '@shared/run/load-change'

function read(entry: string) {
  return parsePlan(`faultline: 1
title: T
cluster: { nodes: 3 }
load: [{ name: web, rate: 50/s }, { name: batch, rate: 10/s }]
timeline: [{ id: f, at: 2s, for: 5s, ${entry} }]
expect: [{ metric: lost_writes, is: "== 0" }]
`)
}

function only(entry: string): { target: string; calls: Call[]; undo: Call[] } {
  const { plan, problems } = read(entry)
  if (!plan) throw new Error(JSON.stringify(problems))
  return expand(plan, 42).schedule[0]!
}

const told = (group: string, change: object | null): Call => ({ method: 'LOAD', path: group, body: { id: 'f', change } })

describe('the calls of', () => {
  it.each([
    ['spike, rate: 500/s', { kind: 'rate', ratePerS: 500 }],
    ['ramp, to: 1000/s', { kind: 'ramp', toPerS: 1000, overMs: 5000 }],
    ['hot-key, share: 80%', { kind: 'hot-key', share: 0.8 }],
    ['large-values, size: 64KB', { kind: 'value-size', sizeBytes: 64_000 }],
    ['pool, size: 2', { kind: 'pool', size: 2 }],
  ])('%s', (entry, change) => {
    expect(loadChange.parse(change)).toEqual(change) // else the generator would refuse it
    expect(only(`fault: ${entry}, target: web`)).toMatchObject({ target: 'web', calls: [told('web', change)], undo: [told('web', null)] })
  })

  it('all groups where none is named, undone in reverse', () => {
    const { target, calls, undo } = only('fault: pool, size: 2')
    expect([target, calls.map(({ path }) => path), undo.map(({ path }) => path)]).toEqual(['all', ['web', 'batch'], ['batch', 'web']])
  })

  it('a group stays the group that it is when roles are put in', () => {
    const { calls } = only('fault: pool, size: 2, target: web')
    expect(substitute(calls, { leader: 'n1' })).toEqual(calls)
  })
})

describe('a fault of the traffic', () => {
  it('is refused on what is no client group', () => {
    const { plan, problems } = read('fault: spike, rate: 500/s, target: leader')
    expect([plan, problems[0]!.path, problems[0]!.message]).toEqual([null, 'timeline[0].target', 'there is no client group "leader" (web, batch)'])
  })

  it('takes nothing out: the blast radius is for other things', () => {
    const entries = ['spike, rate: 500/s', 'pool, size: 1', 'hot-key, share: 80%'].map((fault) => read(`fault: ${fault}`))
    for (const { problems } of entries) expect(problems).toEqual([])
  })
})
