/**
 * The public history format (`history.jsonl`): one operation a line, written by a run and read by `check`. Foreign
 * histories are welcome, so every field is looked at, and by hand: a schema library takes seconds where this takes
 * a tenth. Keys it doesn't know are passed over, since the format may grow.
 */
import type { Operation, OperationKind, Outcome } from './operation'

export type ParsedHistory = { operations: Operation[] } | { error: HistoryError }

/** Lines count from 1. */
export interface HistoryError {
  line: number
  message: string
}

/** @returns one line without its newline: the public keys in the contract's order; what doesn't apply is absent */
export function formatOperation(op: Operation): string {
  return JSON.stringify({
    client: op.client,
    key: op.key,
    op: op.op,
    value: op.value,
    expect: op.expect,
    outcome: op.outcome,
    result: op.result,
    swapped: op.swapped,
    index: op.index,
    prior: op.prior,
    intended_ns: op.intended_ns,
    start_ns: op.start_ns,
    end_ns: op.end_ns,
  })
}

/**
 * @param lines the file's text, or its lines; blank lines are passed over
 * @returns operations by ascending `start_ns` (equal ones in the file's order), or the first line that is malformed
 */
export function parseHistory(lines: Iterable<string> | string): ParsedHistory {
  const operations: Operation[] = []
  let line = 0
  let isSorted = true
  for (const text of typeof lines === 'string' ? splitLines(lines) : lines) {
    line++
    if (text.trim() === '') continue
    const parsed = parseOperation(text)
    if (typeof parsed === 'string') return { error: { line, message: parsed } }
    isSorted &&= operations.length === 0 || operations[operations.length - 1]!.start_ns <= parsed.start_ns
    operations.push(parsed)
  }
  if (!isSorted) operations.sort((a, b) => a.start_ns - b.start_ns)
  return { operations }
}

/** Line by line without an array of all of them: a long run's history has hundreds of megabytes. */
function* splitLines(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from)
    const to = newline === -1 ? text.length : newline
    yield text.slice(from, to)
    from = to + 1
  }
}

type Fields = Record<string, unknown>

/** @returns the operation, or a sentence on what is wrong with it */
function parseOperation(text: string): Operation | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'not a JSON object'
  const fields = json as Fields
  const wrong = wrongRequest(fields) ?? wrongTimes(fields) ?? wrongAnswer(fields)
  return wrong ?? pick(fields)
}

function wrongRequest({ client, key, op, value, expect, outcome }: Fields): string | null {
  if (typeof client !== 'string' || client === '') return must('client', 'a string that is not empty', client)
  if (typeof key !== 'string' || key === '') return must('key', 'a string that is not empty', key)
  if (!isKind(op)) return must('op', 'get, put, delete, cas or append', op)
  if (!isOutcome(outcome)) return must('outcome', 'ok, fail or unknown', outcome)
  if (op === 'get' || op === 'delete') {
    if (value !== undefined) return `a ${op} has no value`
  } else if (typeof value !== 'string') return must('value', 'a string', value)
  if (op === 'cas') {
    if (!isStringOrNull(expect)) return must('expect', 'a string, or null for an absent key', expect)
  } else if (expect !== undefined) return `a ${op} has no expect`
  return null
}

function wrongTimes({ outcome, intended_ns, start_ns, end_ns }: Fields): string | null {
  const moment = 'an integer of nanoseconds since load start, 0 … 2^53−1'
  if (!isCount(start_ns)) return must('start_ns', moment, start_ns)
  if (intended_ns !== undefined && !isCount(intended_ns)) return must('intended_ns', moment, intended_ns)
  if (outcome === 'unknown') return end_ns === null ? null : must('end_ns', 'null where the outcome is unknown', end_ns)
  if (end_ns === null && outcome === 'fail') return null
  if (!isCount(end_ns)) return must('end_ns', moment, end_ns)
  return end_ns < start_ns ? `end_ns ${end_ns} is before start_ns ${start_ns}` : null
}

/** What an answer brought stands only on operations that have one: the ok ones. */
function wrongAnswer({ op, outcome, result, swapped, index, prior }: Fields): string | null {
  if (op === 'get' && outcome === 'ok') {
    if (!isStringOrNull(result)) return must('result', 'a string, or null for an absent key', result)
  } else if (result !== undefined) return 'only a get that is ok has a result'
  if (op === 'cas' && outcome === 'ok') {
    if (typeof swapped !== 'boolean') return must('swapped', 'true or false', swapped)
  } else if (swapped !== undefined) return 'only a cas that is ok has swapped'
  if (index !== undefined) {
    if (outcome !== 'ok') return 'only an operation that is ok has an index'
    if (!isCount(index)) return must('index', 'an integer, 0 … 2^53−1', index)
  }
  if (prior !== undefined) {
    if (op === 'get' || outcome !== 'ok') return 'only a write that is ok has a prior'
    if (!isStringOrNull(prior)) return must('prior', 'a string, or null for an absent key', prior)
  }
  return null
}

/** Only the format's own keys, only where present; `wrong…` has vouched for their types. */
function pick(fields: Fields): Operation {
  const operation = {
    client: fields.client,
    key: fields.key,
    op: fields.op,
    outcome: fields.outcome,
    start_ns: fields.start_ns,
    end_ns: fields.end_ns,
  } as Operation & Fields
  for (const name of OPTIONAL_KEYS) if (fields[name] !== undefined) operation[name] = fields[name]
  return operation
}

const OPTIONAL_KEYS = ['value', 'expect', 'result', 'swapped', 'index', 'prior', 'intended_ns']

function isKind(value: unknown): value is OperationKind {
  return value === 'get' || value === 'put' || value === 'delete' || value === 'cas' || value === 'append'
}

function isOutcome(value: unknown): value is Outcome {
  return value === 'ok' || value === 'fail' || value === 'unknown'
}

function isStringOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function must(key: string, be: string, value: unknown): string {
  if (value === undefined) return `${key} is missing: it must be ${be}`
  const shown = JSON.stringify(value)
  return `${key} must be ${be}, not ${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}`
}
