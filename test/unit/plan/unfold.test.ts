/** What a plan comes to with a seed: repetitions, the monkey, and what waits for a condition. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand } from '@shared/plan/expand'
import { parsePlan } from '@shared/plan/parse'
import { phaseTimes } from '@shared/plan/phases'
import type { FaultSpec, Plan } from '@shared/plan/plan'
import { unfold } from '@shared/plan/unfold'
import { problemsWithSeed } from '@shared/plan/with-seed'

function planOf(text: string): Plan {
  const { plan, problems } = parsePlan(`faultline: 1\ntitle: T\n${text}`)
  if (!plan) throw new Error(JSON.stringify(problems))
  return plan
}
const moments = (plan: Plan, seed: number): [string, number][] => unfold(plan, seed).map(({ id, atMs }) => [id, atMs])
const anySeed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

const REPEATED = planOf('timeline:\n  - { id: c, at: 2s, for: 1s, repeat: 3, every: 10s, spread: 2s, fault: crash, target: leader }')
const MONKEY = planOf(`phases: { faults: 120s }
monkey:
  gap: [2s, 5s]
  faults:
    - { weight: 3, for: [1s, 3s], fault: crash, target: any }
    - { weight: 1, for: 2s, fault: latency, latency: 20ms, target: leader }`)

describe('an entry that repeats', () => {
  it('becomes faults at a distance, each with a name of its own and the entry it comes from', () => {
    const plan = planOf('timeline:\n  - { id: c, at: 2s, for: 1s, repeat: 3, every: 10s, fault: crash, target: leader }')
    expect(moments(plan, 1)).toEqual([['c.1', 2000], ['c.2', 12_000], ['c.3', 22_000]])
    expect(unfold(plan, 1).map(({ entry }) => entry)).toEqual(['c', 'c', 'c'])
    expect(expand(plan, 1).schedule.map(({ id, at_ms }) => [id, at_ms])).toEqual([['c.1', 17_000], ['c.2', 27_000], ['c.3', 37_000]])
  })

  it('with a spread begins later, never earlier, by as much as the seed says', () => {
    fc.assert(fc.property(anySeed, (seed) => {
      const drawn = moments(REPEATED, seed)
      expect(moments(REPEATED, seed)).toEqual(drawn)
      drawn.forEach(([, atMs], turn) => {
        expect(atMs).toBeGreaterThanOrEqual(2000 + turn * 10_000)
        expect(atMs).toBeLessThanOrEqual(4000 + turn * 10_000)
      })
    }))
    expect(new Set(Array.from({ length: 20 }, (_, seed) => moments(REPEATED, seed)[0]![1])).size).toBeGreaterThan(15)
  })

  it('is one fault of its own name where only a spread is given', () => {
    const plan = planOf('timeline:\n  - { id: c, at: 2s, for: 1s, spread: 2s, fault: crash, target: leader }')
    expect(unfold(plan, 3)).toMatchObject([{ id: 'c', entry: 'c' }])
  })
})

describe('the monkey', () => {
  it('draws one fault after the other, with the gap between them, and stays within its phase', () => {
    const lengthMs = phaseTimes(MONKEY).find(({ phase }) => phase === 'faults')!
    fc.assert(fc.property(anySeed, (seed) => {
      const drawn = unfold(MONKEY, seed)
      expect(unfold(MONKEY, seed)).toEqual(drawn)
      expect(drawn.length).toBeGreaterThan(12) // 120 s hold at least 15 of at most 3 s with gaps of at most 5 s
      let freeMs = 0
      drawn.forEach((fault: FaultSpec, index) => {
        expect(fault).toMatchObject({ id: `monkey-${index + 1}`, entry: 'monkey', phase: 'faults' })
        expect(fault.atMs - freeMs).toBeGreaterThanOrEqual(2000)
        expect(fault.atMs - freeMs).toBeLessThanOrEqual(5000)
        if (fault.fault === 'latency') expect(fault.forMs).toBe(2000)
        freeMs = fault.atMs + Number(fault.forMs)
      })
      expect(freeMs).toBeLessThanOrEqual(lengthMs.toMs - lengthMs.fromMs)
    }))
  })

  it('draws by weight', () => {
    const drawn = Array.from({ length: 100 }, (_, seed) => unfold(MONKEY, seed)).flat()
    const crashes = drawn.filter(({ fault }) => fault === 'crash').length
    expect(crashes / drawn.length).toBeGreaterThan(0.7)
    expect(crashes / drawn.length).toBeLessThan(0.8)
  })

  it('can be expected of: its faults are one entry', () => {
    const plan = planOf('monkey: { faults: [{ fault: crash, target: any }] }\nexpect: [{ metric: recovery, fault: monkey, is: "<= 2s" }]')
    expect(plan.expect[0]!.fault).toBe('monkey')
  })
})

describe('a fault that waits for a condition', () => {
  it.each([
    ['leader elected', { kind: 'leader elected', forMs: 0 }],
    ['leader lost for 2s', { kind: 'leader lost', forMs: 2000 }],
    ['"queue > 500"', { kind: 'metric', metric: 'queue', comparison: '>', value: 500, forMs: 0 }],
    ['"latency.p99 >= 250ms for 3s"', { kind: 'metric', metric: 'latency.p99', comparison: '>=', value: 250, forMs: 3000 }],
    ['"rate < 30/min"', { kind: 'metric', metric: 'rate', comparison: '<', value: 0.5 }],
    ['"availability < 50%"', { kind: 'metric', metric: 'availability', comparison: '<', value: 0.5 }],
  ])('%s', (when, expected) => {
    const plan = planOf(`timeline:\n  - { id: a, when: ${when}, within: 20s, for: 2s, fault: crash, target: leader }`)
    expect(plan.timeline[0]!.when).toMatchObject({ ...expected, withinMs: 20_000 })
  })

  it('has no moment in the dry run, and its calls all the same', () => {
    const plan = planOf('timeline:\n  - { id: a, when: leader elected, for: 2s, fault: crash, target: leader }')
    expect(expand(plan, 1).schedule).toEqual([{
      id: 'a', fault: 'crash', at_ms: null, until_ms: null, when: 'leader elected', for_ms: 2000, target: 'leader',
      calls: [{ method: 'SIGNAL', path: 'leader', body: 'SIGKILL' }], undo: [{ method: 'START', path: 'leader', body: null }],
    }])
  })
})

describe('a plan with another seed', () => {
  it('is checked again, since its faults begin at other moments', () => {
    const plan = planOf(`seed: SEED
phases: { faults: 60s }
blastRadius: { nodes: 1 }
timeline:
  - { id: a, at: 10s, for: 10s, fault: crash, target: leader }
  - { id: b, at: 15s, for: 2s, spread: 30s, fault: crash, target: follower }`.replace('SEED', String(goodSeed())))
    const seeds = Array.from({ length: 100 }, (_, seed) => seed)
    const wrong = seeds.filter((seed) => problemsWithSeed(plan, seed).length > 0)
    expect(problemsWithSeed(plan, plan.seed)).toEqual([])
    expect(wrong).toEqual(seeds.filter((seed) => moments(plan, seed)[1]![1] < 20_000))
    expect(wrong.length).toBeGreaterThan(5)
    expect(problemsWithSeed(plan, wrong[0]!)).toEqual(['a, b together take out up to 2 of 5 nodes at once; blastRadius allows 1'])
  })
})

/** One with which b begins after a has ended. */
function goodSeed(): number {
  const plan = planOf('phases: { faults: 60s }\ntimeline: [{ id: b, at: 15s, for: 2s, spread: 30s, fault: crash, target: follower }]')
  return Array.from({ length: 100 }, (_, seed) => seed).find((seed) => moments(plan, seed)[0]![1] > 20_000)!
}
