/** The janitor as a process, watching an engine stand-in that is ended in every way an engine can end. */
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isStopped } from '../../../src-main/janitor/identity'
import { buildEntries } from '../built'
import { dataFolder, isAlive, until } from './lab'

const GONE_WITHIN_MS = 5000

let built: Awaited<ReturnType<typeof buildEntries>>
let lab: ReturnType<typeof dataFolder>
let engine: ChildProcess
let pids: number[]
let janitorPid: number

beforeAll(async () => {
  built = await buildEntries({ janitor: 'src-main/janitor/main.ts', engine: 'test/integration/janitor/engine-stand-in.ts' })
})
afterAll(() => built.remove())

beforeEach(async () => {
  lab = dataFolder()
  engine = fork(join(built.dir, 'engine.js'), [lab.labDir, `token-${process.pid}-of-the-lab`], { execArgv: [] })
  const ready = await new Promise<{ pids: number[]; janitor: number }>((resolve, reject) => {
    engine.once('message', (message) => resolve(message as { pids: number[]; janitor: number }))
    engine.once('exit', (code) => reject(new Error(`the engine stand-in ended with ${code}`)))
  })
  pids = ready.pids
  janitorPid = ready.janitor
  await until('one node stopped', () => isStopped(pids[1] ?? 0))
})
afterEach(() => {
  for (const pid of [engine.pid, janitorPid, ...pids]) {
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL')
  }
  lab.remove()
})

const allGone = () => !pids.some(isAlive) && !isAlive(janitorPid) && !existsSync(lab.labDir)

describe('janitor', () => {
  it('ends the nodes, also a stopped one, and removes the lab when the engine is killed', async () => {
    engine.kill('SIGKILL')
    await until('nothing left of the lab', allGone, GONE_WITHIN_MS)
  })

  it('the same when it is the engine that is asked to end and does not clean up', async () => {
    engine.kill('SIGTERM')
    await until('nothing left of the lab', allGone, GONE_WITHIN_MS)
  })

  it('outlives the signals that a terminal sends, and still does its work', async () => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(janitorPid, name)
    expect(isAlive(janitorPid)).toBe(true)
    engine.kill('SIGKILL')
    await until('nothing left of the lab', allGone, GONE_WITHIN_MS)
  })

  it('goes, and touches nothing, when the engine says that all is done', async () => {
    const code = new Promise((resolve) => engine.once('message', resolve))
    engine.send('end')
    expect(await code).toEqual({ janitorCode: 0 })
    await until('janitor gone', () => !isAlive(janitorPid))
  })
})
