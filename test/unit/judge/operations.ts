/** Short ways to write histories by hand. Times are in ms here and ns in the operations. */
import type { Operation, OperationRecord } from '@shared/run/operation'

const NS = 1e6

type Extra = Partial<Operation>

function answered(op: Operation['op'], startMs: number, endMs: number, extra: Extra): Operation {
  return { client: 'c1', key: 'k', op, outcome: 'ok', start_ns: startMs * NS, end_ns: endMs * NS, ...extra }
}

export const get = (startMs: number, endMs: number, result: string | null, extra: Extra = {}): Operation =>
  answered('get', startMs, endMs, { result, ...extra })
export const put = (startMs: number, endMs: number, value: string, extra: Extra = {}): Operation =>
  answered('put', startMs, endMs, { value, ...extra })
export const del = (startMs: number, endMs: number, extra: Extra = {}): Operation => answered('delete', startMs, endMs, extra)
export const append = (startMs: number, endMs: number, value: string, extra: Extra = {}): Operation =>
  answered('append', startMs, endMs, { value, ...extra })
export const cas = (
  startMs: number,
  endMs: number,
  expect: string | null,
  value: string,
  swapped: boolean,
  extra: Extra = {},
): Operation => answered('cas', startMs, endMs, { expect, value, swapped, ...extra })

/** The same operation, but nobody knows how it ended. */
export function unknown(operation: Operation): Operation {
  const { result: _result, swapped: _swapped, prior: _prior, index: _index, ...asked } = operation
  return { ...asked, outcome: 'unknown', end_ns: null }
}

export function failed(operation: Operation): Operation {
  const { result: _result, swapped: _swapped, prior: _prior, index: _index, ...asked } = operation
  return { ...asked, outcome: 'fail' }
}

/** As the store keeps it: sent when intended, answered by n1 at the first attempt. */
export function recorded(operation: Operation, extra: Partial<OperationRecord> = {}): OperationRecord {
  return {
    intended_ns: operation.start_ns,
    settled_ns: operation.end_ns ?? operation.start_ns + 4_000 * NS,
    censored: operation.end_ns === null,
    checked: true,
    node: 'n1',
    attempts: 1,
    ...operation,
    ...extra,
  } as OperationRecord
}
