/** Whichever process dies in the middle of a run: a clear message, a readable run, nothing left behind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Report } from '@shared/run/report'
import { Desk, kill, until } from './command-line'
import { expectErrored, expectGone, expectNothingLeft, midRun, NOTHING, onlyRun, slowPlan } from './mid-run'

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

describe('in the middle of a run', () => {
  it('the engine is killed: all is gone within 5 s, the run opens as ERRORED with all it had', async () => {
    const mid = await midRun(desk)
    mid.going.child.kill('SIGKILL')
    await expectGone(desk, mid)
    const run = await onlyRun(desk)
    expect(run).toMatchObject({ title: 'a bad moment', end: 'ERRORED' })
    const shown = await desk.run('show', run.run, '--json')
    expect(shown.code).toBe(0)
    const report = JSON.parse(shown.stdout) as Report
    expect(report).toMatchObject({ end: 'ERRORED', verdict: 'INCONCLUSIVE' })
    expect(report.requests.ok).toBeGreaterThan(20)
    expect(report.faults[0]!.effective_ms).not.toBeNull()
  })

  it('the generator is killed: the run ends ERRORED and cleans up', async () => {
    const mid = await midRun(desk)
    kill(desk.byEntry('workload.js')[0]!, 'SIGKILL')
    await expectErrored(desk, mid, 'load generator')
  })

  it('Toxiproxy is killed, and the next one hangs: each is replaced, the faults stay in force, the run goes on and is invalid', async () => {
    const { going, ports } = await midRun(desk, slowPlan(7, '0s', '6s'))
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
    await expectNothingLeft(desk, { ports })
  })

  it('the janitor is killed: another one watches, the run goes on, and is cleaned up when the engine goes', async () => {
    const mid = await midRun(desk)
    const [janitor] = desk.byEntry('janitor.js')
    kill(janitor!, 'SIGKILL')
    await until('another janitor watches', () => desk.byEntry('janitor.js').some((pid) => pid !== janitor), 5_000)
    expect(mid.going.child.exitCode).toBeNull()
    mid.going.child.kill('SIGKILL')
    await expectGone(desk, mid)
  })

  it('engine and janitor are killed: the next start undoes what is left, and leaves the lab beside it alone', async () => {
    const beside = await desk.up('--nodes', '1')
    const besidePids = desk.processes()
    const [besideLab] = desk.labFolders()
    const { going } = await midRun(desk)
    const janitor = desk.byEntry('janitor.js').find((pid) => !besidePids.includes(pid))!
    kill(janitor, 'SIGSTOP')
    going.child.kill('SIGKILL')
    kill(janitor, 'SIGKILL')
    await going.ended
    expect(desk.processes().length).toBeGreaterThan(besidePids.length) // the paused node and Toxiproxy
    expect(await onlyRun(desk)).toMatchObject({ end: 'ERRORED' })
    expect(desk.processes().toSorted()).toEqual(besidePids.toSorted())
    expect(desk.labFolders()).toEqual([besideLab])
    expect((await fetch(`${beside.line.nodes[0]!.client}/healthz`)).status).toBe(200)
    beside.going.child.kill('SIGINT')
    expect((await beside.going.ended).code).toBe(0)
    expect(desk.leftovers()).toEqual(NOTHING)
  })

  it('a person interrupts it: canceled, cleaned up, exit 130', async () => {
    const { going, ports } = await midRun(desk)
    going.child.kill('SIGINT')
    going.child.kill('SIGINT')
    const ended = await going.ended
    expect(ended.code).toBe(130)
    const report = JSON.parse(ended.stdout) as Report
    expect(report).toMatchObject({ end: 'CANCELED', stopped_by: 'person' })
    expect(report.cleanup.done).toBe(report.cleanup.of)
    await expectNothingLeft(desk, { ports })
  })
})
