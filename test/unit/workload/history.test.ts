import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatOperation, parseHistory } from '@shared/run/history'
import type { Operation } from '@shared/run/operation'

const get = { client: 'c1', key: 'k1', op: 'get', outcome: 'ok', result: 'x', index: 4, intended_ns: 1, start_ns: 2, end_ns: 3 }
const cas = { client: 'c1', key: 'k1', op: 'cas', value: 'b', expect: null, outcome: 'ok', swapped: true, start_ns: 2, end_ns: 3 }
const put = { client: 'c1', key: 'k1', op: 'put', value: 'b', outcome: 'unknown', start_ns: 2, end_ns: null }

const time = fc.maxSafeNat()
const text = fc.string({ unit: 'grapheme' })
const absentOr = fc.option(text, { nil: null })

/** Any operation the format can express. */
const anyOperation: fc.Arbitrary<Operation> = fc
  .record({
    client: fc.string({ minLength: 1 }),
    key: fc.string({ minLength: 1, unit: 'grapheme' }),
    op: fc.constantFrom('get', 'put', 'delete', 'cas', 'append'),
    outcome: fc.constantFrom('ok', 'fail', 'unknown'),
    start: time,
    took: fc.nat(),
    intended: fc.option(time, { nil: undefined }),
    value: text,
    expect: absentOr,
    result: absentOr,
    swapped: fc.boolean(),
    index: fc.option(fc.nat(), { nil: undefined }),
    prior: fc.option(absentOr, { nil: undefined }),
  })
  .map((o) => {
    const isOk = o.outcome === 'ok'
    const isRead = o.op === 'get'
    const operation: Operation = {
      client: o.client,
      key: o.key,
      op: o.op,
      outcome: o.outcome,
      start_ns: o.start,
      end_ns: o.outcome === 'unknown' ? null : Math.min(o.start + o.took, Number.MAX_SAFE_INTEGER),
    }
    if (!isRead && o.op !== 'delete') operation.value = o.value
    if (o.op === 'cas') operation.expect = o.expect
    if (o.op === 'cas' && isOk) operation.swapped = o.swapped
    if (isRead && isOk) operation.result = o.result
    if (isOk && o.index !== undefined) operation.index = o.index
    if (isOk && !isRead && o.prior !== undefined) operation.prior = o.prior
    if (o.intended !== undefined) operation.intended_ns = o.intended
    return operation
  })

function errorOf(...lines: (object | string)[]) {
  const parsed = parseHistory(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return 'error' in parsed ? parsed.error : null
}

describe('the history format', () => {
  it('brings every operation back as it was, in order of start_ns', () => {
    fc.assert(
      fc.property(fc.array(anyOperation, { maxLength: 20 }), (operations) => {
        const lines = operations.map(formatOperation)
        for (const line of lines) expect(line).not.toContain('\n')
        const sorted = [...operations].sort((a, b) => a.start_ns - b.start_ns)
        expect(parseHistory(`${lines.join('\n')}\n`)).toEqual({ operations: sorted })
        expect(parseHistory(lines)).toEqual({ operations: sorted })
      }),
    )
  })

  it('writes the public keys alone, in the order of the contract', () => {
    const record = { ...cas, prior: null, index: 9, intended_ns: 1, settled_ns: 3, censored: false, node: 'n1', attempts: 1 }
    expect(formatOperation(record as unknown as Operation)).toBe(
      '{"client":"c1","key":"k1","op":"cas","value":"b","expect":null,"outcome":"ok","swapped":true,"index":9,"prior":null,' +
        '"intended_ns":1,"start_ns":2,"end_ns":3}',
    )
  })

  it('takes a history without index, prior and intended_ns, Windows line ends, blank lines and keys it does not know', () => {
    const lines = [{ ...get, index: undefined, intended_ns: undefined }, { ...put, process: 7 }].map((op) => JSON.stringify(op))
    const parsed = parseHistory(`${lines.join('\r\n\r\n')}\r\n`)
    expect('operations' in parsed && parsed.operations.map((op) => op.op)).toEqual(['get', 'put'])
  })

  it('takes any operation as unknown, a get too', () => {
    for (const op of ['get', 'delete', 'put', 'append', 'cas']) {
      const value = op === 'get' || op === 'delete' ? undefined : 'v'
      const expected = op === 'cas' ? 'x' : undefined
      const line = { client: 'c', key: 'k', op, value, expect: expected, outcome: 'unknown', start_ns: 1, end_ns: null }
      expect(errorOf(line)).toBeNull()
    }
  })

  it('names the line that is malformed', () => {
    expect(errorOf(get, '', cas, '{"client":"c1",')).toMatchObject({ line: 4, message: expect.stringContaining('not JSON') })
    expect(errorOf(get, '[]')).toEqual({ line: 2, message: 'not a JSON object' })
  })

  it.each<[string, object, string]>([
    ['no client', { ...get, client: undefined }, 'client is missing'],
    ['a client that is a number', { ...get, client: 3 }, 'client must be'],
    ['an empty key', { ...get, key: '' }, 'key must be'],
    ['an unknown op', { ...get, op: 'read' }, 'op must be get, put, delete, cas or append, not "read"'],
    ['an unknown outcome', { ...get, outcome: 'info' }, 'outcome must be'],
    ['a put without value', { ...put, value: undefined }, 'value is missing'],
    ['a put of a number', { ...put, value: 4 }, 'value must be a string, not 4'],
    ['a get with a value', { ...get, value: 'x' }, 'a get has no value'],
    ['a cas without expect', { ...cas, expect: undefined }, 'expect is missing'],
    ['a put with expect', { ...put, expect: null }, 'a put has no expect'],
    ['an ok get without result', { ...get, result: undefined }, 'result is missing'],
    ['a result on a put', { ...put, result: 'x' }, 'only a get that is ok has a result'],
    ['an ok cas without swapped', { ...cas, swapped: undefined }, 'swapped is missing'],
    ['swapped on an unknown cas', { ...cas, outcome: 'unknown', end_ns: null }, 'only a cas that is ok has swapped'],
    ['a prior on a get', { ...get, prior: null }, 'only a write that is ok has a prior'],
    ['a prior that is a number', { ...cas, prior: 1 }, 'prior must be'],
    ['an index on an unknown put', { ...put, index: 3 }, 'only an operation that is ok has an index'],
    ['a fractional index', { ...get, index: 3.5 }, 'index must be'],
    ['no start', { ...get, start_ns: undefined }, 'start_ns is missing'],
    ['a start beyond what a number holds', { ...get, start_ns: 2 ** 53 }, 'start_ns must be'],
    ['a negative intended time', { ...get, intended_ns: -1 }, 'intended_ns must be'],
    ['an end before the start', { ...get, end_ns: 1 }, 'end_ns 1 is before start_ns 2'],
    ['an ok operation that never ended', { ...get, end_ns: null }, 'end_ns must be'],
    ['an unknown operation that ended', { ...put, end_ns: 9 }, 'end_ns must be null where the outcome is unknown'],
  ])('refuses %s', (_, line, message) => {
    expect(errorOf(get, line)).toEqual({ line: 2, message: expect.stringContaining(message) })
  })
})
