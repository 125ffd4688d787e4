/** Client operations as rows. `null` answers ("key absent") and answers that do not apply are told apart by `applies`. */
import type { OperationKind, OperationRecord, Outcome } from '@shared/run/operation'

const APPLIES = { expect: 1, result: 2, prior: 4 } as const

export interface OperationRow {
  client: string
  key: string
  op: OperationKind
  outcome: Outcome
  intended_ns: number
  start_ns: number
  end_ns: number | null
  settled_ns: number
  value: string | null
  applies: number
  expect: string | null
  result: string | null
  prior: string | null
  swapped: number | null
  log_index: number | null
  censored: number
  checked: number
  node: string | null
  attempts: number
  error: string | null
}

const COLUMNS = [
  ...['client', 'key', 'op', 'outcome', 'intended_ns', 'start_ns', 'end_ns', 'settled_ns', 'value', 'applies'],
  ...['expect', 'result', 'prior', 'swapped', 'log_index', 'censored', 'checked', 'node', 'attempts', 'error'],
]

export const INSERT_OPERATION =
  `INSERT INTO operation (run_id, ${COLUMNS.join(', ')}) VALUES (@run_id, ${COLUMNS.map((name) => `@${name}`).join(', ')})`

/** Equal starts stay in the order they were recorded. */
export const SELECT_OPERATIONS = `SELECT ${COLUMNS.join(', ')} FROM operation WHERE run_id = ? ORDER BY start_ns, id`

export function rowOf(operation: OperationRecord): OperationRow {
  const applies =
    (operation.expect === undefined ? 0 : APPLIES.expect) |
    (operation.result === undefined ? 0 : APPLIES.result) |
    (operation.prior === undefined ? 0 : APPLIES.prior)
  return {
    client: operation.client,
    key: operation.key,
    op: operation.op,
    outcome: operation.outcome,
    intended_ns: operation.intended_ns,
    start_ns: operation.start_ns,
    end_ns: operation.end_ns,
    settled_ns: Math.round(operation.settled_ns),
    value: operation.value ?? null,
    applies,
    expect: operation.expect ?? null,
    result: operation.result ?? null,
    prior: operation.prior ?? null,
    swapped: operation.swapped === undefined ? null : Number(operation.swapped),
    log_index: operation.index ?? null,
    censored: Number(operation.censored),
    checked: Number(operation.checked),
    node: operation.node,
    attempts: operation.attempts,
    error: operation.error ?? null,
  }
}

export function operationOf(row: OperationRow): OperationRecord {
  return {
    client: row.client,
    key: row.key,
    op: row.op,
    outcome: row.outcome,
    intended_ns: row.intended_ns,
    start_ns: row.start_ns,
    end_ns: row.end_ns,
    settled_ns: row.settled_ns,
    censored: row.censored === 1,
    checked: row.checked === 1,
    node: row.node,
    attempts: row.attempts,
    ...(row.value !== null && { value: row.value }),
    ...(row.applies & APPLIES.expect && { expect: row.expect }),
    ...(row.applies & APPLIES.result && { result: row.result }),
    ...(row.applies & APPLIES.prior && { prior: row.prior }),
    ...(row.swapped !== null && { swapped: row.swapped === 1 }),
    ...(row.log_index !== null && { index: row.log_index }),
    ...(row.error !== null && { error: row.error }),
  }
}
