/** What fails around a run: its database is locked or can't grow, the machine was restarted. */
import { spawn } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { identify, isSame } from '../../../src-main/janitor/identity'
import { openStore } from '../../../src-main/lab/store/store'
import { Desk, kill, until } from './command-line'
import { expectErrored, expectNothingLeft, ledgerOf, midRun, NOTHING, onlyRun, PAUSE_PLAN, strikeAt } from './mid-run'

let desk: Desk
const open: Database.Database[] = []
beforeEach(() => {
  desk = new Desk()
})
afterEach(async () => {
  for (const database of open.splice(0)) database.close()
  await desk.close()
})

/** Another program that has the runs' database open. */
function otherProgram(): Database.Database {
  const database = new Database(join(desk.data, 'faultline.db'))
  open.push(database)
  return database
}

describe('the database', () => {
  it('is locked for longer than anybody waits: everything is undone, and the run is recorded as ERRORED', async () => {
    const mid = await midRun(desk)
    const other = otherProgram()
    other.exec('BEGIN IMMEDIATE')
    await until('the engine gives up waiting', () => mid.going.stderr().includes('records could not be written'), 15_000)
    other.exec('ROLLBACK')
    await expectErrored(desk, mid, 'another process kept the database locked')
  })

  it('can not grow any more: everything is undone, the reason is said, and the run opens as ERRORED with what it had', async () => {
    openStore(join(desk.data, 'faultline.db')).close()
    const other = otherProgram()
    // a reader of an old state keeps the log of changes growing beyond what any other file of a run grows to
    other.exec('CREATE TABLE ballast (bytes BLOB)')
    other.exec('BEGIN')
    other.prepare('SELECT count(*) FROM ballast').get()
    const writer = otherProgram()
    writer.prepare('INSERT INTO ballast VALUES (zeroblob(?))').run(64 << 20)
    const limitKiB = Math.ceil(statSync(join(desk.data, 'faultline.db-wal')).size / 1024) + 256
    // the signal is ignored, so that a write beyond the limit is an error as on a full disk
    const going = desk.startLimited(`trap '' XFSZ; ulimit -f ${limitKiB}`, ['run', desk.file('plan.yaml', PAUSE_PLAN), '--json'])
    const mid = await strikeAt(desk, going, 'Phase baseline begins')
    const ended = await mid.going.ended
    other.exec('ROLLBACK')
    expect(ended.code).toBe(3)
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: expect.stringMatching(/^database-(full|unusable)$/) as string } })
    expect(ended.stderr).toContain('records could not be written')
    await expectNothingLeft(desk, mid)
    expect(await onlyRun(desk)).toMatchObject({ end: 'ERRORED' })
  })
})

describe('the machine was restarted', () => {
  it('the next start finds the run, removes the lab, and signals no process that has an old number now', async () => {
    const mid = await midRun(desk)
    const [janitor] = desk.byEntry('janitor.js')
    kill(janitor!, 'SIGSTOP')
    mid.going.child.kill('SIGKILL')
    kill(janitor!, 'SIGKILL')
    await mid.going.ended
    for (const pid of desk.processes()) kill(pid, 'SIGKILL') // as the machine's end did
    await until('all are gone', () => desk.processes().length === 0, 5_000)

    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    try {
      const identity = identify(stranger.pid!)!
      const { path, text } = ledgerOf(desk)
      const { pid, startTime } = identity
      writeFileSync(path, text.replaceAll(/"pid":\d+,"startTime":"[^"]*","bootId":"[^"]*"/g, `"pid":${pid},"startTime":"${startTime}","bootId":"the boot before"`))
      const cleaned = await desk.run('clean', '--json')
      expect(cleaned.code).toBe(0)
      expect(JSON.parse(cleaned.stdout)).toEqual({ undone: [{ kind: 'fault', what: 'pause fault-1' }], failed: [] })
      expect(isSame(identity)).toBe(true)
    } finally {
      stranger.kill('SIGKILL')
    }
    expect(desk.leftovers()).toEqual(NOTHING)
    expect(await onlyRun(desk)).toMatchObject({ end: 'ERRORED' })
  })
})
