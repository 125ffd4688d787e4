/** Faults that wait for a condition, guards on any metric, and one seed twice: as real runs have it. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { substitute } from '@shared/plan/expand'
import type { Call, Schedule } from '@shared/plan/schedule'
import type { FaultStage, RunEvent } from '@shared/run/event'
import type { Report } from '@shared/run/report'
import { openStore } from '../../../src-main/lab/store/store'
import { Desk, kill, until } from './command-line'
import { ledgerOf } from './mid-run'

type FaultEvent = RunEvent & { kind: 'fault' }

let desk: Desk
beforeAll(() => {
  desk = new Desk()
})
afterAll(() => desk.close())

const PLAN = `
faultline: 1
title: one after the other
seed: 7
cluster: { nodes: 5 }
load: { rate: 50/s, keys: 10 }
phases: { warmup: 0s, baseline: 1s, faults: 7s, recovery: 7s }
timeline:
  - { id: crash-1, at: 500ms, for: 3s, fault: crash, target: leader }
  - { id: after-1, when: leader elected, for: 2s, fault: latency, latency: 20ms, target: "leader->*" }
  - { id: never-1, when: queue > 100000, within: 3s, for: 1s, fault: latency, latency: 1ms, target: n1->n2 }
  - { id: slow-1, at: 4s, for: 2s, fault: latency, latency: 2ms, target: n1<->n2 }
  - { id: cut-1, at: 0s, for: 1s, fault: partition, mode: refuse, target: n1<->n3 }
  - { id: again-1, at: 5s, for: 1s, fault: restart, target: leader }
  - { id: last, at: 4500ms, for: 1500ms, fault: pause, target: follower }
monkey:
  gap: [500ms, 1s]
  faults:
    - { fault: latency, latency: 5ms, target: follower, for: [500ms, 1s], weight: 3 }
    - { fault: partition, mode: stall, path: client, target: any, for: 500ms }
expect:
  - { metric: linearizable, is: "ok" }
`

interface Recorded {
  report: Report
  events: RunEvent[]
  faults: FaultEvent[]
}

interface LeaseLine {
  type: string
  id: string
  undo: Call[]
}

function recorded(report: Report): Recorded {
  const store = openStore(join(desk.data, 'faultline.db'))
  const { events } = store.loadRecords(report.run)
  store.close()
  return { report, events, faults: events.filter((event): event is FaultEvent => event.kind === 'fault') }
}

async function run(file: string): Promise<Recorded> {
  return recorded(JSON.parse((await desk.run('run', file, '--json')).stdout) as Report)
}

const stageOf = ({ faults }: Recorded, id: string, stage: FaultStage) => faults.find((event) => event.id === id && event.stage === stage)

describe('a plan with faults at moments, on conditions and by chance', () => {
  let first: Recorded
  let second: Recorded
  /** what the first run wrote down before each fault */
  let leases: LeaseLine[]
  beforeAll(async () => {
    const file = desk.file('plan.yaml', PLAN)
    const going = desk.start(['run', file, '--json'])
    await until('all faults were there', () => going.stderr().includes('Phase recovery begins'), 60_000)
    leases = ledgerOf(desk).text.trim().split('\n').map((line) => JSON.parse(line) as LeaseLine).filter(({ type }) => type === 'lease')
    first = recorded(JSON.parse((await going.ended).stdout) as Report)
    second = await run(file)
  }, 90_000)

  it('begins the one that waits when its condition has come true, and ends it after its time', () => {
    const elected = first.events.find((event) => event.kind === 'role' && event.role === 'leader' && event.atNs > stageOf(first, 'crash-1', 'requested')!.atNs)!
    const planned = stageOf(first, 'after-1', 'planned')!
    expect(planned.detail).toBe('"leader elected" came true: a new leader was elected')
    expect(planned.atNs).toBeGreaterThanOrEqual(elected.atNs)
    const result = first.report.faults.find(({ id }) => id === 'after-1')!
    expect(result.planned_ms).toBeGreaterThan(1_500)
    expect(result.effective_ms).toBeGreaterThan(result.planned_ms!)
    expect(result.undone_ms! - result.planned_ms!).toBeGreaterThanOrEqual(2_000)
    expect(stageOf(first, 'after-1', 'requested')!.roles).toMatchObject({ leader: (elected as { node: string }).node })
  })

  it('refuses the one whose condition did not come true, goes on, and is INCONCLUSIVE', () => {
    expect(stageOf(first, 'never-1', 'failed')!.detail).toBe('never started: "queue > 100000" did not come true by 4.0 s')
    expect(first.report).toMatchObject({ end: 'COMPLETED', verdict: 'INCONCLUSIVE' })
    expect(first.report.faults.find(({ id }) => id === 'never-1')).toMatchObject({ planned_ms: null, requested_ms: null })
    expect(stageOf(first, 'last', 'observed')).toBeDefined()
  })

  it('with the same seed has the same faults at the same moments on the same ranks', () => {
    const drawn = ({ report, faults }: Recorded) =>
      report.faults.filter(({ id }) => id !== 'after-1').map(({ id, fault, planned_ms, targets }) => {
        const roles = Object.entries(faults.find((event) => event.id === id && event.roles)?.roles ?? {})
        return { id, fault, planned_ms, targets: targets.map((target) => roles.find(([, node]) => node === target)?.[0] ?? target) }
      })
    expect(drawn(first).length).toBeGreaterThan(5)
    expect(drawn(first).map(({ id }) => id)).toContain('monkey-2')
    expect(drawn(second)).toEqual(drawn(first))
  })

  it('is what the dry run said, with the recorded roles put in: call for call', async () => {
    const dry = JSON.parse((await desk.run('plan', 'expand', join(desk.dir, 'plan.yaml'), '--json')).stdout) as Schedule
    expect(dry.schedule.map(({ id }) => id).toSorted()).toEqual(first.report.faults.map(({ id }) => id).toSorted())
    const applied = dry.schedule.filter(({ id }) => id !== 'never-1')
    expect(leases.map(({ id }) => id).toSorted()).toEqual(applied.map(({ id }) => id).toSorted())
    for (const { id, undo } of applied) {
      const { roles } = stageOf(first, id, 'requested')!
      expect(leases.find((lease) => lease.id === id)!.undo).toEqual(substitute(undo, roles ?? {}))
    }
    const { calls } = dry.schedule.find(({ id }) => id === 'crash-1')!
    const { roles, targets } = stageOf(first, 'crash-1', 'requested')!
    expect(substitute(calls, roles!)).toEqual([{ method: 'SIGNAL', path: targets[0], body: 'SIGKILL' }])
  })

  it('lets a stopped node go on before the toxics that end at the same moment are removed', () => {
    expect(stageOf(first, 'last', 'undone')!.atNs).toBeLessThanOrEqual(stageOf(first, 'slow-1', 'undo-requested')!.atNs)
  })

  it('leaves nothing', () => {
    expect(first.report.cleanup.done).toBe(first.report.cleanup.of)
    expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
  })
})

describe('a node that ends by itself', () => {
  it('counts in the blast radius of the moment, and in a guard', async () => {
    const file = desk.file('guarded.yaml', `
faultline: 1
title: one too many
cluster: { nodes: 3 }
load: { rate: 50/s, keys: 10 }
phases: { warmup: 0s, baseline: 1s, faults: 10s, recovery: 7s }
timeline:
  - { id: pause-1, at: 500ms, for: 5s, fault: pause, target: n1 }
expect:
  - { metric: linearizable, is: "ok" }
guards:
  - { when: "nodes_down >= 1 for 2s", then: stop }
`)
    const going = desk.start(['run', file, '--json'])
    await until('load starts', () => going.stderr().includes('Load begins'), 40_000)
    const n3 = desk.byEntry('node.js').find((pid) => going.stderr().includes(`n3 is started (pid ${pid})`))!
    kill(n3, 'SIGKILL')
    const ended = await going.ended
    const { report, events, faults } = recorded(JSON.parse(ended.stdout) as Report)
    expect(faults.map(({ stage, detail }) => [stage, detail])).toEqual([['failed', 'blast radius: n1, n3 would be out at once, the plan allows 1']])
    expect(report).toMatchObject({ end: 'CANCELED', verdict: 'INCONCLUSIVE', stopped_by: 'guard: nodes_down >= 1 for 2s' })
    expect(report.faults[0]).toMatchObject({ not_shown: 'blast radius: n1, n3 would be out at once, the plan allows 1' })
    expect(events.find(({ kind }) => kind === 'guard')).toMatchObject({ observed: 1, unit: 'count' })
    expect(ended.stderr).toContain('Guard "nodes_down >= 1 for 2s" acts (observed 1)')
    expect(ended.code).toBe(98)
  })
})
