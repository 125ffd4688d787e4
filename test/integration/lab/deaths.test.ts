/** Whatever dies in the middle of a run: a clear message, a readable run, nothing left behind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Report, RunSummary } from '@shared/run/report'
import { Desk, type Going, kill, until } from './command-line'

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

/** The leader is paused while the blow falls: the worst moment for whoever has to clean up. */
const PLAN = `
faultline: 1
title: a bad moment
cluster: { nodes: 3 }
load: { rate: 50/s, keys: 10 }
phases: { warmup: 1s, baseline: 2s, faults: 20s, recovery: 8s }
timeline:
  - { id: pause-1, at: 0s, for: 18s, fault: pause, target: leader }
expect:
  - { metric: linearizable, is: "ok" }
`

/** For what a run outlives. */
const SHORT_PLAN = `
faultline: 1
title: instruments fail
cluster: { nodes: 3 }
load: { rate: 50/s, keys: 10 }
phases: { warmup: 1s, baseline: 1s, faults: 7s, recovery: 7s }
timeline:
  - { id: slow-1, at: 0s, for: 6s, fault: latency, latency: 20ms, target: "leader->*" }
expect:
  - { metric: linearizable, is: "ok" }
`

async function midRun(): Promise<Going> {
  const going = desk.start(['run', desk.file('plan.yaml', PLAN), '--json'])
  await until('the fault is there', () => going.stderr().includes('pause-1 is seen to act'), 40_000)
  return going
}

const NOTHING = { processes: [], labs: [] }
const gone = () => until('nothing is left', () => desk.processes().length === 0 && desk.labFolders().length === 0, 5_000)

async function onlyRun(): Promise<RunSummary> {
  const { runs } = JSON.parse((await desk.run('runs', '--json')).stdout) as { runs: RunSummary[] }
  expect(runs).toHaveLength(1)
  return runs[0]!
}

describe('in the middle of a run', () => {
  it('the engine is killed: all is gone within 5 s, the run opens as ERRORED with all it had', async () => {
    const going = await midRun()
    going.child.kill('SIGKILL')
    await gone()
    const run = await onlyRun()
    expect(run).toMatchObject({ title: 'a bad moment', end: 'ERRORED' })
    const shown = await desk.run('show', run.run, '--json')
    expect(shown.code).toBe(0)
    const report = JSON.parse(shown.stdout) as Report
    expect(report).toMatchObject({ end: 'ERRORED', verdict: 'INCONCLUSIVE' })
    expect(report.requests.ok).toBeGreaterThan(20)
    expect(report.faults[0]!.effective_ms).not.toBeNull()
  })

  it('the generator is killed: the run ends ERRORED and cleans up', async () => {
    const going = await midRun()
    kill(desk.byEntry('workload.js')[0]!, 'SIGKILL')
    await expectErrored(going, 'load generator')
  })

  it('the janitor is killed: another one watches, the run goes on, and is cleaned up when the engine goes', async () => {
    const going = await midRun()
    const [janitor] = desk.byEntry('janitor.js')
    kill(janitor!, 'SIGKILL')
    await until('another janitor watches', () => desk.byEntry('janitor.js').some((pid) => pid !== janitor), 5_000)
    expect(going.child.exitCode).toBeNull()
    going.child.kill('SIGKILL')
    await gone()
  })

  it('engine and janitor are killed: the next start undoes what is left and the run opens as ERRORED', async () => {
    const going = await midRun()
    const [janitor] = desk.byEntry('janitor.js')
    kill(janitor!, 'SIGSTOP')
    going.child.kill('SIGKILL')
    kill(janitor!, 'SIGKILL')
    await going.ended
    expect(desk.processes().length).toBeGreaterThan(0) // the paused node and Toxiproxy
    expect(await onlyRun()).toMatchObject({ end: 'ERRORED' })
    expect(desk.leftovers()).toEqual(NOTHING)
  })

  it('Toxiproxy is killed, and the next one hangs: each is replaced, the faults stay in force, the run goes on and is invalid', async () => {
    const going = desk.start(['run', desk.file('plan.yaml', SHORT_PLAN), '--json'])
    await until('the fault is there', () => going.stderr().includes('slow-1 is seen to act'), 40_000)
    const [killed] = desk.byEntry('toxiproxy-server')
    kill(killed!, 'SIGKILL')
    await until('it is replaced', () => going.stderr().includes('ended by itself (code null, signal SIGKILL): restarted'), 10_000)
    const [stopped] = desk.byEntry('toxiproxy-server')
    expect(stopped).not.toBe(killed)
    kill(stopped!, 'SIGSTOP')
    const ended = await going.ended
    expect(ended.stderr).toMatch(/Toxiproxy hung \(.* took longer than 2 s\): restarted/)
    expect(ended.code).toBe(98)
    const report = JSON.parse(ended.stdout) as Report
    expect(report).toMatchObject({ end: 'COMPLETED', valid: false })
    expect(report.invalid.filter((reason) => reason.startsWith('Toxiproxy'))).toHaveLength(2)
    expect(report.faults.map(({ undone_ms }) => undone_ms)).not.toContain(null)
    expect(report.cleanup.done).toBe(report.cleanup.of)
    expect(desk.leftovers()).toEqual(NOTHING)
  })

  it('a person interrupts it: canceled, cleaned up, exit 130', async () => {
    const going = await midRun()
    going.child.kill('SIGINT')
    going.child.kill('SIGINT')
    const ended = await going.ended
    expect(ended.code).toBe(130)
    const report = JSON.parse(ended.stdout) as Report
    expect(report).toMatchObject({ end: 'CANCELED', stopped_by: 'person' })
    expect(report.cleanup.done).toBe(report.cleanup.of)
    expect(desk.leftovers()).toEqual(NOTHING)
  })
})

async function expectErrored(going: Going, says: string): Promise<void> {
  const ended = await going.ended
  expect(ended.code).toBe(98)
  const report = JSON.parse(ended.stdout) as Report
  expect(report).toMatchObject({ end: 'ERRORED', verdict: 'INCONCLUSIVE' })
  expect(report.stopped_by).toContain(says)
  expect(report.cleanup.done).toBe(report.cleanup.of)
  expect(desk.leftovers()).toEqual(NOTHING)
}
