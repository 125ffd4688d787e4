/** Opens the database file and brings its schema up to date. Several engines may do so at the same moment. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { explained, StoreFailure } from './failure'
import { migrations } from './migrations'

const BUSY_TIMEOUT_MS = 5000
const TURN_MS = 10

/** @throws StoreFailure when the file can't be used; the file is then left as it was */
export function openDatabase(path: string): Database.Database {
  return explained(path, 'opening', () => {
    makeFolder(path)
    const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
    try {
      database.pragma('foreign_keys = ON')
      refuseNewer(path, versionOf(database))
      enterWal(database)
      // A killed process loses nothing; a power cut may lose the last moments, and a run does not outlive that anyway.
      // Fewer fsyncs here also leave the disk to the nodes, whose fsyncs are measured.
      database.pragma('synchronous = NORMAL')
      migrate(path, database)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/**
 * SQLite answers "busy" to this switch at once where two of them could wait for each other, whatever the busy timeout:
 * engines that make a new database at the same moment take turns here.
 */
function enterWal(database: Database.Database): void {
  const deadlineMs = performance.now() + BUSY_TIMEOUT_MS
  for (;;) {
    try {
      if (database.pragma('journal_mode', { simple: true }) !== 'wal') database.pragma('journal_mode = WAL')
      return
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
      if (!isBusy || performance.now() > deadlineMs) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TURN_MS)
    }
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  } catch (error) {
    const message = `${path}: making its folder: ${(error as Error).message}`
    throw new StoreFailure('database-unusable', message, 'Name a folder you may write to with FAULTLINE_DATA.')
  }
}

/** All or nothing, and one engine at a time: the version is looked at again under the write lock. */
function migrate(path: string, database: Database.Database): void {
  if (versionOf(database) === migrations.length) return
  database
    .transaction(() => {
      const version = versionOf(database)
      refuseNewer(path, version)
      for (const sql of migrations.slice(version)) database.exec(sql)
      database.pragma(`user_version = ${migrations.length}`)
    })
    .immediate()
}

function versionOf(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

function refuseNewer(path: string, version: number): void {
  if (version <= migrations.length) return
  throw new StoreFailure(
    'database-newer',
    `${path} was written by a newer version of Faultline (schema ${version}; this one knows up to ${migrations.length})`,
    'Use that version, or name another data folder with FAULTLINE_DATA.',
  )
}
