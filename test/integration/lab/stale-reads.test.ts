/** A whole run against nodes with a mistake in their read path: what they answer must be found out. */
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Report } from '@shared/run/report'
import type { Violation } from '@shared/run/violation'
import { mutate } from '../../sim-mutants/build-mutant'
import { buildEntries } from '../built'
import { Desk } from './command-line'

const ENTRIES = {
  cli: 'src-main/cli/main.ts',
  node: 'src-main/node/main.ts',
  workload: 'src-main/workload/main.ts',
  timer: 'src-main/workload/timer.ts',
  janitor: 'src-main/janitor/main.ts',
  judge: 'src-main/lab/judge/worker.ts',
}

/** Each client reads at one node, whoever leads: also at the one that is cut off. Rightly answered, it is sent on. */
const PINNED_READERS = {
  file: 'workload/client.ts',
  find: 'let asked = belief.current()',
  replace: "let asked = request.op === 'get' ? Number(request.client.slice(1)) % nodes.length : belief.current()",
}
/** A node asks nobody whether it still leads before it answers a linearizable read. */
const LOCAL_READS = { file: 'node/http/kv.ts', find: "if (consistency === 'local')", replace: "if (consistency !== 'lease')" }

const PLAN = `
faultline: 1
title: reads at a leader that was cut off
seed: 7
cluster: { nodes: 3 }
load: { rate: 100/s, keys: 5 }
phases: { warmup: 1s, baseline: 1s, faults: 4s, recovery: 8s }
timeline:
  - { id: cut-1, at: 500ms, for: 3s, fault: partition, mode: drop, target: leader }
expect:
  - { metric: linearizable, is: "ok" }
`

const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close()
})

async function runWith(id: string, edits: (typeof LOCAL_READS)[]) {
  const built = await buildEntries(ENTRIES, [mutate({ id, edits })])
  open.push({ close: () => built.remove() })
  const desk = new Desk(join(built.dir, 'cli.js'))
  open.push(desk)
  const ended = await desk.run('run', desk.file('plan.yaml', PLAN), '--out', join(desk.dir, 'out'), '--json')
  expect(ended.stdout, ended.stderr).not.toBe('')
  return { desk, code: ended.code, report: JSON.parse(ended.stdout) as Report, history: join(desk.dir, 'out', 'history.jsonl') }
}

it('local reads passed off as linearizable are found out, and shown', async () => {
  const { desk, code, report, history } = await runWith('local-reads', [LOCAL_READS, PINNED_READERS])
  expect(report.linearizable.verdict, JSON.stringify(report.linearizable)).toBe('violated')
  expect(report.expectations).toMatchObject([{ metric: 'linearizable', observed: 'violated', held: false }])
  expect(code).toBe(report.valid ? 99 : 98)

  const checked = await desk.run('check', history, '--json')
  expect(checked.code).toBe(99)
  const { violation } = JSON.parse(checked.stdout) as { violation: Violation }
  expect(violation.operations.some(({ op, outcome }) => op === 'get' && outcome === 'ok')).toBe(true)
  expect(violation.operations.length).toBeLessThanOrEqual(violation.prefix.operations)
  expect(checked.stderr).toContain(`no order explains the first ${violation.prefix.operations} operations on key "${violation.key}"`)
})

it('the same readers at nodes that ask their quorum find nothing to accuse', async () => {
  const { code, report } = await runWith('pinned-readers', [PINNED_READERS])
  expect(report.linearizable).toMatchObject({ verdict: 'ok' })
  expect(code).toBe(report.valid ? 0 : 98)
})
