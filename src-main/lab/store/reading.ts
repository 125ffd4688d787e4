/** Reads a run back as the records that were appended, each kind in its order of time. */
import type { LabSample, LoadInterval, NodeSample, QuorumAck, RunEvent } from '@shared/run/event'
import type { ReportModel } from '@shared/run/report'
import type Database from 'better-sqlite3'
import { operationOf, SELECT_OPERATIONS, type OperationRow } from './operations'
import type { RunRecords } from './records'
import { closingOf, headerOf, type ClosingRow, type HeaderRow } from './runs'

type IntervalRow = Omit<LoadInterval, 'responseHistogram' | 'sendLagHistogram'> & { response: Buffer; sendLag: Buffer }

export function recordReader(database: Database.Database) {
  const select = <Row>(sql: string) => database.prepare<[number], Row>(sql)
  const run = select<HeaderRow & ClosingRow>('SELECT * FROM run WHERE id = ?')
  const model = select<{ model: string | null }>('SELECT model FROM run WHERE id = ?')
  const events = select<{ atNs: number; kind: string; body: string }>(
    'SELECT at_ns AS atNs, kind, body FROM event WHERE run_id = ? ORDER BY at_ns, id',
  )
  const acks = select<QuorumAck>(
    'SELECT node, term, sent_ns AS sentNs, at_ns AS atNs FROM quorum_ack WHERE run_id = ? ORDER BY at_ns, id',
  )
  const nodeSamples = select<{ atNs: number; node: string; body: string }>(
    'SELECT at_ns AS atNs, node, body FROM node_sample WHERE run_id = ? ORDER BY at_ns, id',
  )
  const labSamples = select<{ atNs: number; process: string; body: string }>(
    'SELECT at_ns AS atNs, process, body FROM lab_sample WHERE run_id = ? ORDER BY at_ns, id',
  )
  const intervals = select<IntervalRow>(
    `SELECT second, intended, ok, fail, unknown, response_histogram AS response, send_lag_histogram AS sendLag
     FROM load_interval WHERE run_id = ? ORDER BY second, id`,
  )
  const operations = select<OperationRow>(SELECT_OPERATIONS)

  /** One moment for all tables: a run that is still being written is read as it was at once. */
  const records = database.transaction((id: number): RunRecords => {
    const row = run.get(id)
    if (!row) throw new Error(`run ${id} vanished`)
    return {
      header: headerOf(row),
      closing: closingOf(row),
      events: events.all(id).map((found) => withBody<RunEvent>(found)),
      acks: acks.all(id),
      nodeSamples: nodeSamples.all(id).map((found) => withBody<NodeSample>(found)),
      labSamples: labSamples.all(id).map((found) => withBody<LabSample>(found)),
      intervals: intervals.all(id).map(intervalOf),
      operations: operations.all(id).map(operationOf),
    }
  })

  return {
    records: (id: number): RunRecords => records(id),
    model(id: number): ReportModel | null {
      const text = model.get(id)?.model
      return text ? (JSON.parse(text) as ReportModel) : null
    },
  }
}

/** Bodies were written by this store from the same type: the database is ours alone. */
function withBody<T>({ body, ...columns }: { body: string }): T {
  return { ...columns, ...(JSON.parse(body) as object) } as T
}

function intervalOf({ response, sendLag, ...counts }: IntervalRow): LoadInterval {
  return { ...counts, responseHistogram: response.toString('base64'), sendLagHistogram: sendLag.toString('base64') }
}
