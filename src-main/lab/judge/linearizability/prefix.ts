/** A history as it was known at some moment. */
import type { Operation } from '@shared/run/operation'

/**
 * What had begun by `atNs`; an operation whose answer came later is unknown, since nobody had heard of it yet, and a
 * read without an answer says nothing at all. Every such prefix of a linearizable history is linearizable.
 */
export function prefixUntil<O extends Operation>(operations: readonly O[], atNs: number): O[] {
  return operations.flatMap((operation) => {
    if (operation.start_ns > atNs) return []
    if (operation.outcome !== 'ok' || (operation.end_ns ?? Infinity) <= atNs) return [operation]
    return operation.op === 'get' ? [] : [withoutAnswer(operation)]
  })
}

function withoutAnswer<O extends Operation>(operation: O): O {
  const asked: O = { ...operation, outcome: 'unknown', end_ns: null }
  delete asked.prior
  delete asked.swapped
  delete asked.index
  return asked
}
