/** Writes a run's operations as `history.jsonl`, row by row: a long run has millions. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { formatOperation } from '@shared/run/history'
import type Database from 'better-sqlite3'
import { operationOf, SELECT_OPERATIONS, type OperationRow } from './operations'

const CHUNK_CHARS = 256 * 1024

/** The file appears whole or not at all. */
export function writeHistoryFile(database: Database.Database, id: number, path: string): void {
  const partial = `${path}.partial`
  try {
    writeLines(database, id, partial)
    renameSync(partial, path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

function writeLines(database: Database.Database, id: number, path: string): void {
  const file = openSync(path, 'w')
  try {
    let chunk = ''
    for (const row of database.prepare<[number], OperationRow>(SELECT_OPERATIONS).iterate(id)) {
      chunk += `${formatOperation(operationOf(row))}\n`
      if (chunk.length < CHUNK_CHARS) continue
      writeAll(file, chunk)
      chunk = ''
    }
    writeAll(file, chunk)
  } finally {
    closeSync(file)
  }
}

/** A write may take less than it was given. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}
