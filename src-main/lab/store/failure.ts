/** What can go wrong with the database file itself, said so that a person can act on it. */
import Database from 'better-sqlite3'

export type StoreFailureCode = 'database-newer' | 'database-corrupt' | 'database-unusable' | 'database-busy' | 'database-full'

export class StoreFailure extends Error {
  constructor(
    readonly code: StoreFailureCode,
    message: string,
    readonly remedy: string,
  ) {
    super(message)
    this.name = 'StoreFailure'
  }
}

/** Performs one step on the database; what SQLite reports about the file becomes a `StoreFailure`, a bug stays what it is. */
export function explained<T>(path: string, doing: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw explain(path, doing, error)
  }
}

function explain(path: string, doing: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) {
    // better-sqlite3 refuses a missing folder before SQLite sees the path
    const isPlace = error instanceof TypeError && error.message.includes('directory does not exist')
    return isPlace ? unusable(path, doing, error.message) : error
  }
  const kind = error.code.split('_')[1] // extended codes: SQLITE_IOERR_WRITE, SQLITE_READONLY_DIRECTORY …
  switch (kind) {
    case 'NOTADB':
    case 'CORRUPT':
      return new StoreFailure(
        'database-corrupt',
        `${path}: ${doing}: the file is damaged or not a database (${error.message})`,
        `Move ${path} (and its -wal and -shm files) away; a new one is made at the next start. Report files stay as they are.`,
      )
    case 'CANTOPEN':
    case 'READONLY':
    case 'IOERR':
    case 'PERM':
    case 'AUTH':
      return unusable(path, doing, error.message)
    case 'BUSY':
    case 'LOCKED':
      return new StoreFailure(
        'database-busy',
        `${path}: ${doing}: another process kept the database locked for more than 5 s`,
        'Close other programs that have the file open, then try again.',
      )
    case 'FULL':
      return new StoreFailure('database-full', `${path}: ${doing}: the disk is full`, 'Free some space, then try again.')
    default:
      return error
  }
}

function unusable(path: string, doing: string, message: string): StoreFailure {
  return new StoreFailure(
    'database-unusable',
    `${path}: ${doing}: ${message}`,
    'Check that the folder exists and that you may write there, or name another one with FAULTLINE_DATA.',
  )
}
