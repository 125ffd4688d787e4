/** Appends records: prepared once, a transaction a batch. Columns are what is sorted or counted; the body has the rest. */
import type { LabSample, LoadInterval, NodeSample, QuorumAck, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type Database from 'better-sqlite3'
import { INSERT_OPERATION, rowOf } from './operations'

export function recordWriter(database: Database.Database) {
  const event = database.prepare('INSERT INTO event (run_id, at_ns, kind, body) VALUES (?, ?, ?, ?)')
  const ack = database.prepare('INSERT INTO quorum_ack (run_id, node, term, sent_ns, at_ns) VALUES (?, ?, ?, ?, ?)')
  const nodeSample = database.prepare('INSERT INTO node_sample (run_id, at_ns, node, body) VALUES (?, ?, ?, ?)')
  const labSample = database.prepare('INSERT INTO lab_sample (run_id, at_ns, process, body) VALUES (?, ?, ?, ?)')
  const interval = database.prepare(
    `INSERT INTO load_interval (run_id, second, intended, ok, fail, unknown, response_histogram, send_lag_histogram)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const operation = database.prepare(INSERT_OPERATION)

  /** IMMEDIATE: the write lock is waited for at the start, where the busy timeout holds, not half-way where it can't. */
  const batch = <T>(insert: (id: number, record: T) => void) => {
    const all = database.transaction((id: number, records: readonly T[]) => {
      for (const record of records) insert(id, record)
    })
    return (id: number, records: readonly T[]): void => {
      if (records.length > 0) all.immediate(id, records)
    }
  }

  return {
    events: batch((id, { atNs, kind, ...body }: RunEvent) => event.run(id, Math.round(atNs), kind, JSON.stringify(body))),
    acks: batch((id, { node, term, sentNs, atNs }: QuorumAck) => ack.run(id, node, term, Math.round(sentNs), Math.round(atNs))),
    nodeSamples: batch((id, { atNs, node, ...body }: NodeSample) =>
      nodeSample.run(id, Math.round(atNs), node, JSON.stringify(body)),
    ),
    labSamples: batch((id, { atNs, process, ...body }: LabSample) =>
      labSample.run(id, Math.round(atNs), process, JSON.stringify(body)),
    ),
    intervals: batch((id, { second, intended, ok, fail, unknown, ...histograms }: LoadInterval) => {
      const response = Buffer.from(histograms.responseHistogram, 'base64')
      const sendLag = Buffer.from(histograms.sendLagHistogram, 'base64')
      interval.run(id, second, intended, ok, fail, unknown, response, sendLag)
    }),
    operations: batch((id, record: OperationRecord) => operation.run({ run_id: id, ...rowOf(record) })),
  }
}
