/**
 * Locks that the kernel gives back when their holder dies, however it dies: a SQLite file held in an exclusive
 * transaction for the engine's life (fcntl on Unix). Lock files of labs hold no data.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

export const LOCK_FILE = 'lab.lock'

export interface Lock {
  release(): void
}

/** Long enough to outlast somebody who only looks (`isHeld`), short against a person's patience. */
const WAIT_MS = 250

/**
 * Takes the lock of a lab folder, which is made if missing.
 *
 * @returns null while another process holds it
 */
export function acquireLock(dir: string): Lock | null {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return lockFile(join(dir, LOCK_FILE))
}

/** @returns true while a process holds the lock of this lab folder, i.e. its engine (or whoever sweeps it) lives */
export function isHeld(dir: string): boolean {
  return isFileLocked(join(dir, LOCK_FILE))
}

/** @returns null while another process, or another lock of this one, holds the file */
export function lockFile(path: string): Lock | null {
  const before = inodeOf(path)
  const database = new Database(path, { timeout: WAIT_MS })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
  // Whoever held it before may have removed the file while we waited: a lock on a nameless file excludes nobody
  const after = inodeOf(path)
  if (after === null || (before !== null && before !== after)) {
    database.close()
    return null
  }
  return { release: () => database.close() }
}

/** Looks with a shared lock, so that several may look at once. */
export function isFileLocked(path: string): boolean {
  if (inodeOf(path) === null) return false
  let database: Database.Database | undefined
  try {
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 })
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return false
  } catch (error) {
    if (isBusy(error)) return true
    if (inodeOf(path) === null) return false // removed while we looked
    throw error
  } finally {
    database?.close()
  }
}

/** Removes a lock file; only its holder may. */
export function removeLockFile(path: string): void {
  rmSync(path, { force: true })
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
}

function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null
}
