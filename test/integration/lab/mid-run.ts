/** A run in the middle of its fault, where the tests of deaths strike; and proof that nothing of it is left afterwards. */
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { FaultStage, RunEvent } from '@shared/run/event'
import type { Report, RunSummary } from '@shared/run/report'
import { openStore } from '../../../src-main/lab/store/store'
import { type Desk, type Going, until } from './command-line'

/** The leader is paused while the blow falls: the worst moment for whoever has to clean up. */
export const PAUSE_PLAN = `
faultline: 1
title: a bad moment
cluster: { nodes: 3 }
load: { rate: 50/s, keys: 10 }
phases: { warmup: 0s, baseline: 1s, faults: 20s, recovery: 8s }
timeline:
  - { id: fault-1, at: 0s, for: 18s, fault: pause, target: leader }
expect:
  - { metric: linearizable, is: "ok" }
`

/** On a link by name: it is drawn also while nobody leads. */
export const slowPlan = (faultsS: number, at: string, lasts: string): string => `
faultline: 1
title: slow links
cluster: { nodes: 3 }
load: { rate: 50/s, keys: 10 }
phases: { warmup: 0s, baseline: 1s, faults: ${faultsS}s, recovery: 8s }
timeline:
  - { id: fault-1, at: ${at}, for: ${lasts}, fault: latency, latency: 20ms, target: "n1<->*" }
expect:
  - { metric: linearizable, is: "ok" }
`

export interface MidRun {
  going: Going
  /** what it listened on in the middle of it */
  ports: number[]
}

/** @param says a line of its log to wait for; without one until the fault acts */
export async function midRun(desk: Desk, plan = PAUSE_PLAN, says = 'fault-1 is seen to act'): Promise<MidRun> {
  return strikeAt(desk, desk.start(['run', desk.file('plan.yaml', plan), '--json']), says)
}

export async function strikeAt(desk: Desk, going: Going, says: string): Promise<MidRun> {
  await until(`the run says "${says}"`, () => going.stderr().includes(says) || going.child.exitCode !== null, 40_000)
  if (going.child.exitCode !== null) throw new Error(`it ended with ${going.child.exitCode}: ${going.stderr()}`)
  const ports = desk.ports()
  expect(ports.length).toBeGreaterThan(2 * 3) // two a node, and the proxies
  return { going, ports }
}

export const NOTHING = { processes: [], labs: [] }

/** No process of it, running or stopped, and so no toxic; no lab folder; no port. */
export async function expectNothingLeft(desk: Desk, { ports }: Pick<MidRun, 'ports'>): Promise<void> {
  expect(desk.leftovers()).toEqual(NOTHING)
  const open = await Promise.all(ports.map(async (port) => ((await isOpen(port)) ? [port] : [])))
  expect(open.flat()).toEqual([])
}

export async function expectGone(desk: Desk, mid: MidRun): Promise<void> {
  await until('nothing is left', () => desk.processes().length === 0 && desk.labFolders().length === 0, 5_000)
  await expectNothingLeft(desk, mid)
}

export async function expectErrored(desk: Desk, { going, ports }: MidRun, says: string): Promise<void> {
  const ended = await going.ended
  expect(ended.code).toBe(98)
  const report = JSON.parse(ended.stdout) as Report
  expect(report).toMatchObject({ end: 'ERRORED', verdict: 'INCONCLUSIVE' })
  expect(report.stopped_by).toContain(says)
  expect(report.cleanup.done).toBe(report.cleanup.of)
  await expectNothingLeft(desk, { ports })
}

export async function onlyRun(desk: Desk): Promise<RunSummary> {
  const { runs } = JSON.parse((await desk.run('runs', '--json')).stdout) as { runs: RunSummary[] }
  expect(runs).toHaveLength(1)
  return runs[0]!
}

/** Stages of the fault on record, in order. */
export async function stagesOf(desk: Desk, fault = 'fault-1'): Promise<FaultStage[]> {
  const store = openStore(join(desk.data, 'faultline.db'))
  const { events } = store.loadRecords((await onlyRun(desk)).run)
  store.close()
  return events.filter((event): event is RunEvent & { kind: 'fault' } => event.kind === 'fault' && event.id === fault).map(({ stage }) => stage)
}

/** The only lab's ledger: its path and what it says. */
export function ledgerOf(desk: Desk): { path: string; text: string } {
  const labs = join(desk.data, 'labs')
  const path = join(labs, readdirSync(labs)[0]!, 'ledger.jsonl')
  return { path, text: readFileSync(path, 'utf8') }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      settle(true)
    })
    socket.once('error', () => settle(false))
  })
}
