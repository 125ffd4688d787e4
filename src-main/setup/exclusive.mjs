/**
 * One process at a time makes a thing; the others wait until it is made. The lock is a file that names its owner.
 * A dead owner is succeeded by exactly one process: only who holds the lock "after-<owner>" may replace the dead
 * owner's file, and looks again before it does, so two waiters that saw the same corpse can't both go in.
 */
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** @typedef {{ id: string, pid: number, startTime: string | null }} Owner */

const lookAgainMs = 50

/**
 * @template T
 * @param {string} lockFile its folder is made if missing
 * @param {() => Promise<T>} make
 * @param {object} options
 * @param {number} options.timeoutMs how long to wait for another process
 * @param {(owner: Owner) => void} [options.onWait] told once, when another process is at it
 * @returns {Promise<T>}
 */
export async function exclusively(lockFile, make, { timeoutMs, onWait }) {
  fs.mkdirSync(path.dirname(lockFile), { recursive: true })
  const owner = { id: randomUUID(), pid: process.pid, startTime: startTimeOf(process.pid) }
  const untilMs = Date.now() + timeoutMs
  let told = false
  for (;;) {
    const held = take(lockFile, owner)
    if (held === null) break
    if (!told) onWait?.(held)
    told = true
    if (Date.now() > untilMs) throw new Error(`waited ${timeoutMs / 1000} s for process ${held.pid}, which holds ${lockFile}`)
    await pause(lookAgainMs)
  }
  try {
    return await make()
  } finally {
    fs.rmSync(lockFile, { force: true })
  }
}

/**
 * @param {string} lockFile
 * @param {Owner} owner who wants it
 * @returns {Owner | null} null = it is ours; otherwise who has it
 */
export function take(lockFile, owner) {
  if (place(lockFile, owner)) return null
  const held = read(lockFile)
  if (held === null) return take(lockFile, owner) // released between the two looks
  if (isAlive(held)) return held
  const succession = `${lockFile}.after-${held.id}`
  const successor = take(succession, owner)
  if (successor !== null) return successor
  try {
    if (read(lockFile)?.id !== held.id) return take(lockFile, owner) // somebody else succeeded it meanwhile
    replace(lockFile, owner)
    return null
  } finally {
    fs.rmSync(succession, { force: true })
  }
}

/** @param {Owner} owner */
export function isAlive(owner) {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' // it lives and is another user's
  }
  return owner.startTime === startTimeOf(owner.pid)
}

/**
 * A pid alone may have been given to another process since.
 * @param {number} pid
 * @returns {string | null} null where the system doesn't tell, or for a process that is only waiting to be reaped
 */
function startTimeOf(pid) {
  if (process.platform !== 'linux') return null
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null
    throw error
  }
}

/** Makes the file with its content in one step, or not at all. @param {string} lockFile @param {Owner} owner */
function place(lockFile, owner) {
  const draft = write(lockFile, owner)
  try {
    fs.linkSync(draft, lockFile)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  } finally {
    fs.rmSync(draft, { force: true })
  }
}

/** @param {string} lockFile @param {Owner} owner */
const replace = (lockFile, owner) => fs.renameSync(write(lockFile, owner), lockFile)

/** @param {string} lockFile @param {Owner} owner */
function write(lockFile, owner) {
  const draft = `${lockFile}.${randomUUID()}`
  fs.writeFileSync(draft, JSON.stringify(owner))
  return draft
}

/** @param {string} lockFile @returns {Owner | null} */
function read(lockFile) {
  try {
    return JSON.parse(fs.readFileSync(lockFile, 'utf8'))
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null
    throw error
  }
}
