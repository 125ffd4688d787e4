/** Locks against another process: that is whom they are for. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acquireLock, isHeld, LOCK_FILE } from '../../../src-main/janitor/lock'
import { acquireMeasuring, runtimeFolder } from '../../../src-main/janitor/measuring'
import { until } from './lab'

const require = fileURLToPath(new URL('../../../package.json', import.meta.url))
let dir: string
let holder: ChildProcess | undefined
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'faultline-lock-'))
})
afterEach(() => {
  holder?.kill('SIGKILL')
  rmSync(dir, { recursive: true })
})

/** Another process that holds the file as a lab's engine would. */
async function heldElsewhere(path: string): Promise<ChildProcess> {
  const script = join(dir, 'holder.cjs')
  writeFileSync(
    script,
    `const Database = require('module').createRequire(${JSON.stringify(require)})('better-sqlite3')
     const database = new Database(${JSON.stringify(path)}, { timeout: 0 })
     database.pragma('locking_mode = EXCLUSIVE')
     database.exec('BEGIN EXCLUSIVE')
     process.send('held')
     setInterval(() => {}, 1000)`,
  )
  const child = fork(script, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  holder = child
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', () => reject(new Error('could not take it')))
  })
  return child
}

describe('lab lock', () => {
  it('is refused while another process holds it, and free as soon as that one is killed', async () => {
    const other = await heldElsewhere(join(dir, LOCK_FILE))
    expect(isHeld(dir)).toBe(true)
    expect(acquireLock(dir)).toBeNull()
    other.kill('SIGKILL')
    await until('lock given back', () => !isHeld(dir))
    const lock = acquireLock(dir)
    expect(lock).not.toBeNull()
    lock?.release()
  })

  it('excludes others, also after the holder itself has looked at it', async () => {
    const lock = acquireLock(dir)
    // closing any file descriptor gives up all of a process's fcntl locks on that file, unless done with care
    expect(isHeld(dir)).toBe(true)
    await expect(heldElsewhere(join(dir, LOCK_FILE))).rejects.toThrow('could not take it')
    lock?.release()
    await heldElsewhere(join(dir, LOCK_FILE))
  })

  it('excludes a second holder in the same process, and survives somebody looking', () => {
    const lock = acquireLock(dir)
    expect(isHeld(dir)).toBe(true)
    expect(isHeld(dir)).toBe(true)
    expect(acquireLock(dir)).toBeNull()
    lock?.release()
    expect(isHeld(dir)).toBe(false)
  })

  it('a folder that is not there is not held', () => {
    expect(isHeld(join(dir, 'nowhere'))).toBe(false)
  })
})

describe('measuring', () => {
  it('a second measurement is refused until the first has ended', () => {
    const first = acquireMeasuring({ folder: dir })
    expect(acquireMeasuring({ folder: dir })).toBeNull()
    expect(first?.wasAlone()).toBe(true)
    first?.release()
    const next = acquireMeasuring({ folder: dir })
    expect(next?.wasAlone()).toBe(true)
    next?.release()
    expect(readdirSync(dir)).toEqual(['measuring.gate'])
  })

  it('when both are allowed, both know that they were not alone, and a third is still refused', () => {
    const first = acquireMeasuring({ folder: dir })
    const second = acquireMeasuring({ folder: dir, allowConcurrent: true })
    expect([first?.wasAlone(), second?.wasAlone()]).toEqual([false, false])
    first?.release()
    expect(acquireMeasuring({ folder: dir })).toBeNull()
    second?.release()
  })

  it('one that was killed holds up nobody', async () => {
    const path = join(dir, 'killed.measuring')
    const other = await heldElsewhere(path)
    expect(acquireMeasuring({ folder: dir })).toBeNull()
    other.kill('SIGKILL')
    await until('a free machine', () => {
      const measuring = acquireMeasuring({ folder: dir })
      measuring?.release()
      return measuring !== null
    })
    expect(readdirSync(dir)).not.toContain('killed.measuring')
  })

  it('its folder is the user’s own', () => {
    const folder = runtimeFolder({ XDG_RUNTIME_DIR: dir })
    expect(folder).toBe(join(dir, `faultline-${userInfo().uid}`))
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })
})
