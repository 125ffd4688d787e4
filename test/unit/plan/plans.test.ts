/** The plans that come with the product: each reads without a finding and says the same as the contract's example. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expand } from '@shared/plan/expand'
import { faultOf } from '@shared/plan/faults'
import { parsePlan } from '@shared/plan/parse'
import { planDurationMs } from '@shared/plan/phases'

const folder = new URL('../../../resources/plans/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

describe('the plans that come along', () => {
  it('are there', () => {
    expect(names.toSorted()).toEqual([
      'adaptive-timers.yaml',
      'leader-crash.yaml',
      'leader-isolated-drop.yaml',
      'leader-isolated-refuse.yaml',
      'leader-isolated-stall.yaml',
      'leader-pause.yaml',
      'quick.yaml',
      'slow-leader-links.yaml',
      'tour.yaml',
    ])
  })

  it.each(names)('%s checks clean, without a warning, and expands to something that is undone, but for what an operator did', (name) => {
    const { plan, problems } = parsePlan(read(name))
    expect(problems).toEqual([])
    const schedule = expand(plan!, plan!.seed)
    expect(schedule.schedule.length).toBeGreaterThan(0)
    for (const fault of schedule.schedule) {
      expect(fault.calls.length).toBeGreaterThan(0)
      expect(fault.undo).toHaveLength(faultOf(fault.fault).family === 'operator' ? 0 : fault.calls.length)
    }
  })

  it('the sample lasts 60 s and the quick one less than 20 s', () => {
    expect(planDurationMs(parsePlan(read('leader-crash.yaml')).plan!)).toBe(60_000)
    expect(planDurationMs(parsePlan(read('quick.yaml')).plan!)).toBe(19_000)
  })

  it('the sample, read whole', () => {
    expect(parsePlan(read('leader-crash.yaml')).plan).toEqual({
      faultline: 1,
      title: 'Leader crash under load',
      hypothesis: 'Writes come back within 2 s of a leader crash, and nothing acknowledged is lost.',
      seed: 42,
      cluster: {
        nodes: ['n1', 'n2', 'n3', 'n4', 'n5'].map((id) => ({ id, priority: 100, learner: false, zone: null, spare: false })),
        raft: {
          heartbeatMs: 50,
          electionTimeoutMs: [150, 300],
          preVote: true,
          checkQuorum: true,
          reads: 'linearizable',
          requestTimeoutMs: 2000,
          timers: { kind: 'fixed' },
          snapshot: { entries: 10_000, ageMs: null, keptEntries: 5000, chainMax: 8 },
        },
        network: { latencyMs: 0, jitterMs: 0 },
      },
      zones: [],
      blastRadius: { nodes: 2, allowQuorumLoss: false },
      loads: [{
        name: 'client',
        ratePerS: 200,
        arrivals: 'poisson',
        mix: { put: 50, get: 50, delete: 0, cas: 0, append: 0 },
        keys: 100,
        valueSizeBytes: 128,
        client: { connectTimeoutMs: 1000, readTimeoutMs: 3000, pool: null },
        keyPrefix: '',
      }],
      phases: { warmupMs: 5000, baselineMs: 10_000, faultsMs: 30_000, recoveryMs: 15_000 },
      timeline: [{ id: 'crash-1', entry: 'crash-1', phase: 'faults', atMs: 2000, forMs: 5000, when: null, repeat: null, fault: 'crash', values: { restart: null }, target: { text: 'leader', kind: 'leader' } }],
      monkey: null,
      slos: [{ name: 'availability', objective: 0.99, good: { outcome: 'ok', withinMs: 500, check: 'value' } }],
      expect: [
        { metric: 'availability', fault: null, phase: null, op: null, is: '>= 95%', comparison: '>=', value: 0.95 },
        { metric: 'recovery', fault: 'crash-1', phase: null, op: null, is: '<= 2s', comparison: '<=', value: 2000 },
        { metric: 'lost_writes', fault: null, phase: null, op: null, is: '== 0', comparison: '==', value: 0 },
        { metric: 'linearizable', fault: null, phase: null, op: null, is: 'ok', comparison: '==', value: 'ok' },
      ],
      guards: [{ when: 'availability < 20% for 20s', metric: 'availability', comparison: '<', value: 0.2, forMs: 20_000, then: 'stop' }],
    })
  })

  it('what the sample says is what a plan gets that says nothing', () => {
    const sample = parsePlan(read('leader-crash.yaml')).plan!
    const bare = parsePlan('faultline: 1\ntitle: Bare\n').plan!
    const { title: _title, hypothesis: _hypothesis, timeline: _timeline, slos: _slos, expect: _expect, guards: _guards, ...settings } = sample
    expect(bare).toEqual({ ...settings, title: 'Bare', hypothesis: null, timeline: [], monkey: null, slos: [], expect: [], guards: [] })
  })
})
