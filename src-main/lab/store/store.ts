/**
 * The runs' database. Only engines open it; several may at once, each writing its own runs. What an append was handed
 * is in the file when it returns, so that a run killed at any moment loses at most what was not yet appended.
 */
import type { LabSample, LoadInterval, NodeSample, QuorumAck, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { ReportModel, RunSummary } from '@shared/run/report'
import type Database from 'better-sqlite3'
import { explained } from './failure'
import { writeHistoryFile } from './history'
import { openDatabase } from './open'
import { recordReader } from './reading'
import type { RunClosing, RunHeader, RunRecords } from './records'
import { closingRowOf, headerOf, headerRowOf, summaryOf, type HeaderRow, type SummaryRow } from './runs'
import { recordWriter } from './writing'

/** Says whether the engine that owns a run still lives (its lab's lock is held). */
export type IsLive = (owner: Pick<RunHeader, 'run' | 'lab'>) => boolean

/**
 * All calls are synchronous; each append is one transaction, so append in batches. A run that is not in the database
 * is a bug of the caller and throws. What SQLite reports about the file throws `StoreFailure`.
 */
export interface Store {
  createRun(header: RunHeader): void
  appendEvents(run: string, events: readonly RunEvent[]): void
  appendAcks(run: string, acks: readonly QuorumAck[]): void
  appendNodeSamples(run: string, samples: readonly NodeSample[]): void
  appendLabSamples(run: string, samples: readonly LabSample[]): void
  appendIntervals(run: string, intervals: readonly LoadInterval[]): void
  appendOperations(run: string, operations: readonly OperationRecord[]): void
  closeRun(run: string, closing: RunClosing): void
  /** replaces an earlier model: a run may be judged again */
  saveModel(run: string, model: ReportModel): void
  hasRun(run: string): boolean
  loadRecords(run: string): RunRecords
  loadModel(run: string): ReportModel | null
  /** newest first; one that was never closed is RUNNING while its engine lives, else ERRORED */
  listRuns(isLive: IsLive): RunSummary[]
  /** oldest first */
  unclosedRuns(): RunHeader[]
  /** writes `history.jsonl` in order of start_ns, without holding it in memory */
  writeHistory(run: string, path: string): void
  close(): void
}

/** @throws StoreFailure when the file can't be used: what happened to which file, and what to do */
export function openStore(path: string): Store {
  const database = openDatabase(path)
  const ids = new Map<string, number>()
  const idOf = (run: string): number => {
    const id = ids.get(run) ?? findId(database, run)
    if (id === null) throw new Error(`${path} holds no run ${run}`)
    ids.set(run, id)
    return id
  }
  const attempt = <T>(doing: string, step: () => T): T => explained(path, doing, step)
  const write = recordWriter(database)
  const read = recordReader(database)

  return {
    createRun: (header) => attempt('creating a run', () => insertRun(database, header)),
    appendEvents: (run, events) => attempt('appending events', () => write.events(idOf(run), events)),
    appendAcks: (run, acks) => attempt('appending acks', () => write.acks(idOf(run), acks)),
    appendNodeSamples: (run, samples) => attempt('appending samples', () => write.nodeSamples(idOf(run), samples)),
    appendLabSamples: (run, samples) => attempt('appending samples', () => write.labSamples(idOf(run), samples)),
    appendIntervals: (run, intervals) => attempt('appending intervals', () => write.intervals(idOf(run), intervals)),
    appendOperations: (run, operations) => attempt('appending operations', () => write.operations(idOf(run), operations)),
    closeRun: (run, closing) => attempt('closing a run', () => closeRun(database, idOf(run), closing)),
    saveModel: (run, model) => attempt('saving a result', () => saveModel(database, idOf(run), model)),
    hasRun: (run) => attempt('finding a run', () => findId(database, run) !== null),
    loadRecords: (run) => attempt('reading a run', () => read.records(idOf(run))),
    loadModel: (run) => attempt('reading a result', () => read.model(idOf(run))),
    listRuns: (isLive) => attempt('listing runs', () => listRuns(database, isLive)),
    unclosedRuns: () => attempt('listing runs', () => unclosedRuns(database)),
    writeHistory: (run, target) => attempt('reading a history', () => writeHistoryFile(database, idOf(run), target)),
    close: () => database.close(),
  }
}

function findId(database: Database.Database, run: string): number | null {
  const row = database.prepare<[string], { id: number }>('SELECT id FROM run WHERE run = ?').get(run)
  return row?.id ?? null
}

function insertRun(database: Database.Database, header: RunHeader): void {
  const row = headerRowOf(header)
  const names = Object.keys(row)
  const values = names.map((name) => `@${name}`)
  database.prepare<[HeaderRow]>(`INSERT INTO run (${names.join(', ')}) VALUES (${values.join(', ')})`).run(row)
}

function closeRun(database: Database.Database, id: number, closing: RunClosing): void {
  const row = closingRowOf(closing)
  const set = Object.keys(row).map((name) => `${name} = @${name}`)
  database.prepare(`UPDATE run SET ${set.join(', ')} WHERE id = @id`).run({ ...row, id })
}

function saveModel(database: Database.Database, id: number, model: ReportModel): void {
  database
    .prepare('UPDATE run SET model = ?, verdict = ?, valid = ? WHERE id = ?')
    .run(JSON.stringify(model), model.report.verdict, Number(model.report.valid), id)
}

function listRuns(database: Database.Database, isLive: IsLive): RunSummary[] {
  const sql = 'SELECT run, lab, title, started_wall_ms, end, verdict, valid, plan_sha256 FROM run ORDER BY started_wall_ms DESC, id DESC'
  const rows = database.prepare<[], SummaryRow>(sql).all()
  return rows.map((row) => summaryOf(row, row.end === null && isLive({ run: row.run, lab: row.lab })))
}

function unclosedRuns(database: Database.Database): RunHeader[] {
  const sql = 'SELECT * FROM run WHERE end IS NULL ORDER BY started_wall_ms, id'
  return database.prepare<[], HeaderRow>(sql).all().map(headerOf)
}
