import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { substitute } from '@shared/plan/expand'
import type { Schedule } from '@shared/plan/schedule'
import type { RunEvent } from '@shared/run/event'
import type { Report } from '@shared/run/report'
import { openStore } from '../../../src-main/lab/store/store'
import { Desk } from './command-line'

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

const PLAN = `
faultline: 1
title: leader crash, short
hypothesis: Writes come back.
seed: 11
cluster: { nodes: 5 }
load: { rate: 100/s, keys: 20 }
phases: { warmup: 1s, baseline: 2s, faults: 5s, recovery: 8s }
timeline:
  - { id: crash-1, at: 1s, for: 2s, fault: crash, target: leader }
expect:
  - { metric: recovery, fault: crash-1, is: "<= 10s" }
  - { metric: elections, is: ">= 1" }
  - { metric: lost_writes, is: "== 0" }
  - { metric: linearizable, is: "ok" }
`

describe('run', () => {
  it('crashes the leader, loses nothing, proves the cleanup, and can be opened again', async () => {
    const file = desk.file('plan.yaml', PLAN)
    const out = join(desk.dir, 'out')
    const ended = await desk.run('run', file, '--out', out, '--json')
    const report = JSON.parse(ended.stdout) as Report
    expect(report).toMatchObject({ end: 'COMPLETED', verdict: 'HELD', lost_writes: 0, linearizable: { verdict: 'ok' } })
    // a busy machine may make the run invalid, never anything else
    expect(ended.code).toBe(report.valid ? 0 : 98)
    expect(report.cleanup.done).toBe(report.cleanup.of)
    expect(desk.leftovers()).toEqual({ processes: [], labs: [] })

    const [fault] = report.faults
    expect(fault!.targets).toHaveLength(1)
    expect(fault!.requested_ms).toBeGreaterThanOrEqual(fault!.planned_ms!)
    expect(fault!.effective_ms).toBeGreaterThanOrEqual(fault!.requested_ms!)
    expect(fault!.elected_ms).toBeGreaterThan(fault!.effective_ms!)
    expect(fault!.undone_ms).toBeGreaterThan(fault!.elected_ms!)
    const { requests } = report
    expect(requests.ok + requests.fail + requests.unknown).toBe(requests.total)
    expect(requests.total).toBeGreaterThan(1_000)

    expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).toEqual(report)
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(report.run)
    const history = join(out, 'history.jsonl')
    const checked = await desk.run('check', history, '--json')
    expect(checked.code).toBe(0)
    expect(JSON.parse(checked.stdout)).toMatchObject({ verdict: 'ok' })

    const listed = JSON.parse((await desk.run('runs', '--json')).stdout) as { runs: { run: string }[] }
    expect(listed.runs.map(({ run }) => run)).toEqual([report.run])
    expect(JSON.parse((await desk.run('show', report.run, '--json')).stdout)).toEqual(report)
    const written = await desk.run('report', report.run, '--format', 'html,json', '--out', join(desk.dir, 'again'))
    expect(written.code).toBe(0)
    expect(JSON.parse(readFileSync(join(desk.dir, 'again', 'report.json'), 'utf8'))).toEqual(report)
    expect(existsSync(join(desk.dir, 'again', 'report.html'))).toBe(true)

    // the dry run, with the recorded roles put in, is what the run did
    const dry = JSON.parse((await desk.run('plan', 'expand', file, '--json')).stdout) as Schedule
    const store = openStore(join(desk.data, 'faultline.db'))
    const { events } = store.loadRecords(report.run)
    store.close()
    const requested = events.find((event): event is RunEvent & { kind: 'fault' } => event.kind === 'fault' && event.stage === 'requested')!
    expect(substitute(dry.schedule[0]!.calls, requested.roles!)).toEqual([{ method: 'SIGNAL', path: fault!.targets[0], body: 'SIGKILL' }])
  })

  it('is not held when an expectation is false', async () => {
    const file = desk.file('plan.yaml', PLAN.replace('">= 1"', '"== 0"'))
    const ended = await desk.run('run', file, '--json')
    const report = JSON.parse(ended.stdout) as Report
    expect(report.verdict).toBe('NOT_HELD')
    const elections = report.expectations.find(({ metric }) => metric === 'elections')!
    expect(elections).toMatchObject({ expected: '== 0', held: false })
    expect(elections.observed).toBeGreaterThanOrEqual(1)
    expect(ended.code).toBe(report.valid ? 99 : 98)
  })

  it('sees network faults take effect on the links, and sees them gone', async () => {
    const file = desk.file('plan.yaml', `
faultline: 1
title: slow, then cut
cluster: { nodes: 3 }
load: { rate: 50/s, keys: 20 }
phases: { warmup: 1s, baseline: 1s, faults: 8s, recovery: 8s }
timeline:
  - { id: slow-1, at: 0s, for: 3s, fault: latency, latency: 30ms, target: "leader->*" }
  - { id: cut-1, at: 5s, for: 2s, fault: partition, mode: drop, target: follower }
expect:
  - { metric: linearizable, is: "ok" }
`)
    const ended = await desk.run('run', file, '--json')
    const report = JSON.parse(ended.stdout) as Report
    expect(report).toMatchObject({ end: 'COMPLETED', verdict: 'HELD' })
    const store = openStore(join(desk.data, 'faultline.db'))
    const events = store.loadRecords(report.run).events.filter((event): event is RunEvent & { kind: 'fault' } => event.kind === 'fault')
    store.close()
    const stagesOf = (id: string) => events.filter((event) => event.id === id).map(({ stage }) => stage)
    const whole = ['requested', 'acknowledged', 'observed', 'measured', 'undo-requested', 'undone', 'observed-gone']
    expect([stagesOf('slow-1'), stagesOf('cut-1')]).toEqual([whole, whole])
    // smoothed: seen as soon as most of the 30 ms shows
    const seen = /^mean round trip on 2 links ([\d.]+) → ([\d.]+) ms$/.exec(events.find(({ id, stage }) => id === 'slow-1' && stage === 'observed')!.detail!)!
    expect(Number(seen[2]) - Number(seen[1])).toBeGreaterThanOrEqual(18)
  })

  it('allowed beside another one, makes both invalid', async () => {
    const file = desk.file('plan.yaml', 'faultline: 1\ntitle: beside\ncluster: { nodes: 1 }\nload: { rate: 20/s }\nphases: { warmup: 1s, baseline: 1s, faults: 1s, recovery: 7s }\n')
    const both = await Promise.all([desk.run('run', file, '--json', '--allow-concurrent'), desk.run('run', file, '--json', '--allow-concurrent')])
    for (const ended of both) {
      const report = JSON.parse(ended.stdout) as Report
      expect(report.valid).toBe(false)
      expect(report.invalid.join()).toContain('Another run was measuring')
      expect(ended.code).toBe(98)
    }
  })

  it('is stopped by its guard when the service is gone', async () => {
    const file = desk.file('plan.yaml', `
faultline: 1
title: everything stops
cluster: { nodes: 3 }
blastRadius: { nodes: 3, allowQuorumLoss: true }
load: { rate: 100/s, keys: 20 }
phases: { warmup: 1s, baseline: 2s, faults: 20s, recovery: 8s }
timeline:
  - { id: stop-all, at: 0s, for: 18s, fault: pause, target: all }
expect:
  - { metric: availability, is: ">= 1%" }
guards:
  - { when: "availability < 20% for 2s", then: stop }
`)
    const ended = await desk.run('run', file, '--json')
    const report = JSON.parse(ended.stdout) as Report
    expect(report).toMatchObject({ end: 'CANCELED', stopped_by: 'guard: availability < 20% for 2s', verdict: 'INCONCLUSIVE' })
    expect(ended.code).toBe(98)
    expect(report.cleanup.done).toBe(report.cleanup.of)
    expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
  })
})

describe('bad input', () => {
  it('names line, column and the nearest right word, and exits with 2', async () => {
    const file = desk.file('plan.yaml', PLAN.replace('fault: crash, target: leader', 'fault: crush, target: leader'))
    const checked = await desk.run('plan', 'check', file, '--json')
    expect(checked.code).toBe(2)
    const { ok, problems } = JSON.parse(checked.stdout) as { ok: boolean; problems: { line: number; column: number; suggestion: string }[] }
    expect(ok).toBe(false)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ line: 10, path: 'timeline[0].fault' })
    expect(problems[0]!.suggestion).toContain('crash')
    const run = await desk.run('run', file, '--json')
    expect(run.code).toBe(2)
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'usage', problems } })
    expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
  })

  it.each([
    [['compare', 'plan.yaml'], 'not in this version'],
    [['report', 'x', '--format', 'pdf'], 'not in this version'],
    [['rnu', 'x'], 'did you mean "run"'],
    [['run'], 'usage: faultline run'],
    [['run', '/nowhere.yaml'], "can't be read"],
    [['show', 'no-such-run'], 'no run "no-such-run"'],
    [['check', '/nowhere.jsonl'], "can't be read"],
  ])('%j → exit 2, %s', async (words, says) => {
    const ended = await desk.run(...words)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(says)
  })

  it('a second run while one is measuring is refused with 3', async () => {
    const file = desk.file('plan.yaml', PLAN)
    const first = desk.start(['run', file, '--json'])
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (!first.stderr().includes('Load begins')) return
        clearInterval(timer)
        resolve()
      }, 20)
    })
    const second = await desk.run('run', file, '--json')
    expect(second.code).toBe(3)
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'busy' } })
    first.child.kill('SIGINT')
    const ended = await first.ended
    expect(ended.code).toBe(130)
    expect(JSON.parse(ended.stdout)).toMatchObject({ end: 'CANCELED', stopped_by: 'person' })
    expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
  })
})
