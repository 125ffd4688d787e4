/** Histories of a few operations on one key with anything in them that the format allows: legal or not is chance. */
import fc from 'fast-check'
import type { Operation, OperationKind } from '@shared/run/operation'

const operation: fc.Arbitrary<Operation> = fc
  .record({
    op: fc.constantFrom<OperationKind>('get', 'put', 'delete', 'cas', 'append'),
    outcome: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'unknown' as const),
    start: fc.integer({ min: 0, max: 12 }),
    length: fc.integer({ min: 0, max: 8 }),
    value: fc.constantFrom('a', 'b', 'c', 'ab'),
    expect: fc.constantFrom(null, 'a', 'b'),
    seen: fc.constantFrom(null, 'a', 'b', 'c', 'ab', 'ba'),
    swapped: fc.boolean(),
    hasPrior: fc.boolean(),
    index: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ op, outcome, start, length, value, expect, seen, swapped, hasPrior, index }) => {
    const isOk = outcome === 'ok'
    return {
      client: 'c1',
      key: 'k',
      op,
      outcome,
      start_ns: start,
      end_ns: isOk ? start + length : null,
      ...(op !== 'get' && op !== 'delete' && { value }),
      ...(op === 'cas' && { expect }),
      ...(isOk && op === 'get' && { result: seen }),
      ...(isOk && op === 'cas' && { swapped }),
      ...(isOk && op !== 'get' && hasPrior && { prior: seen }),
      ...(isOk && { index }),
    }
  })

export const tinyHistory = (maxLength: number): fc.Arbitrary<Operation[]> => fc.array(operation, { maxLength })
