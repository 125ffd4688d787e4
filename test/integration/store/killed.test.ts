/** Engines that are killed while they write, and engines that start at the same moment. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openStore } from '../../../src-main/lab/store/store'
import { buildEntries } from '../built'

let built: Awaited<ReturnType<typeof buildEntries>>
let dir: string
let writers: ChildProcess[]

beforeAll(async () => {
  built = await buildEntries({ writer: 'test/integration/store/writer.ts' })
})
afterAll(() => built.remove())
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'faultline-store-'))
  writers = []
})
afterEach(() => {
  for (const writer of writers) writer.kill('SIGKILL')
  rmSync(dir, { recursive: true })
})

const next = (writer: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    writer.once('message', resolve)
    writer.once('exit', (code) => reject(new Error(`the writer ended with ${code}`)))
  })

async function startWriter(path: string, run: string): Promise<ChildProcess> {
  const writer = fork(join(built.dir, 'writer.js'), [path, run], { execArgv: [] })
  writers.push(writer)
  await next(writer)
  return writer
}

it('a run killed while it writes keeps all it had appended, in whole batches, and opens as ERRORED', async () => {
  const path = join(dir, 'faultline.db')
  const writer = await startWriter(path, 'r1')
  let appended = 0
  const far = new Promise<void>((resolve) => {
    writer.on('message', (reached) => {
      appended = Number(reached)
      if (appended >= 1000) resolve()
    })
  })
  writer.send('go')
  await far
  const gone = new Promise((resolve) => writer.once('exit', resolve))
  writer.kill('SIGKILL')
  await gone
  const store = openStore(path)
  const { events, closing } = store.loadRecords('r1')
  expect(events.length).toBeGreaterThanOrEqual(appended)
  expect(events.length % 50).toBe(0)
  expect(events.map(({ atNs }) => atNs)).toEqual(events.map((_, i) => i))
  expect(closing).toBeNull()
  expect(store.listRuns(() => false)).toMatchObject([{ run: 'r1', end: 'ERRORED' }])
  store.close()
})

it('engines that open a new database at the same moment all get to write', async () => {
  const path = join(dir, 'faultline.db')
  const runs = ['r1', 'r2', 'r3', 'r4']
  const started = await Promise.all(runs.map((run) => startWriter(path, run)))
  const first = Promise.all(started.map(next))
  for (const writer of started) writer.send('go')
  await first
  for (const writer of started) writer.kill('SIGKILL')
  const store = openStore(path)
  expect(store.listRuns(() => false).map(({ run }) => run).toSorted()).toEqual(runs)
  for (const run of runs) expect(store.loadRecords(run).events.length).toBeGreaterThanOrEqual(50)
  store.close()
})
