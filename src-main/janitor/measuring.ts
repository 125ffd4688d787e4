/**
 * One measurement at a time, per user and machine and whatever the data folder: two runs on one host would measure
 * each other. Each measuring run holds a lock file of its own in the runtime folder; the kernel gives it back at its death.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { isFileLocked, lockFile, type Lock } from './lock'

export interface Measuring extends Lock {
  /** false once another run was allowed to measure beside this one, before or after: both are invalid then */
  wasAlone(): boolean
}

const GATE = 'measuring.gate'
const SUFFIX = '.measuring'
const CROWDED = '.crowded'
let taken = 0

/**
 * @param allowConcurrent measure even beside others; they and this one learn of it through `wasAlone`
 * @returns null while another run is measuring
 * @throws Error when the runtime folder can't be used; the message says why
 */
export function acquireMeasuring({ allowConcurrent = false, folder = runtimeFolder() } = {}): Measuring | null {
  const gate = lockFile(join(folder, GATE)) // looking round and joining in are one step
  if (!gate) return null
  try {
    const others = measuringNow(folder)
    if (others.length > 0 && !allowConcurrent) return null
    const path = join(folder, `${process.pid}-${Date.now()}-${taken++}${SUFFIX}`)
    const lock = lockFile(path)
    if (!lock) return null
    for (const crowded of others.length > 0 ? [...others, path] : []) writeFileSync(crowded + CROWDED, '')
    return {
      wasAlone: () => !existsSync(path + CROWDED),
      release() {
        rmSync(path + CROWDED, { force: true })
        rmSync(path, { force: true })
        lock.release()
      },
    }
  } finally {
    gate.release()
  }
}

/** Lock files of the runs that measure; what a dead one left is removed. */
function measuringNow(folder: string): string[] {
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => join(folder, name))
  return paths.filter((path) => {
    if (isFileLocked(path)) return true
    rmSync(path + CROWDED, { force: true })
    rmSync(path, { force: true })
    return false
  })
}

/** The user's own folder for things that live as long as the machine runs; made if missing, never one of another user. */
export function runtimeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { uid } = userInfo()
  // The system's folder even where the variable is missing (cron, sudo): two places would be two locks
  const given = env['XDG_RUNTIME_DIR'] ?? `/run/user/${uid}`
  const base = statSync(given, { throwIfNoEntry: false })?.isDirectory() ? given : tmpdir()
  const folder = join(base, `faultline-${uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) {
    throw new Error(`${folder} belongs to somebody else. Set XDG_RUNTIME_DIR to a folder of your own.`)
  }
  return folder
}
