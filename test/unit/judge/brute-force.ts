/**
 * The definition of linearizability spelt out, for tiny histories only: every subset of the unknown operations, every
 * order, a register written here from scratch. Shares nothing with the search it is compared with.
 */
import type { Operation } from '@shared/run/operation'

export function isLinearizable(history: readonly Operation[]): boolean {
  return findOrder(history) !== null
}

/** @returns the operations of one key in an order that explains them, the unknown ones only where they took effect; null = there is none */
export function findOrder(history: readonly Operation[]): Operation[] | null {
  const answered = history.filter(({ outcome }) => outcome === 'ok')
  const open = history.filter(({ outcome }) => outcome === 'unknown')
  for (let mask = 0; mask < 2 ** open.length; mask++) {
    const order = orderOf([...answered, ...open.filter((_, bit) => (mask >> bit) % 2 === 1)], null)
    if (order !== null) return order
  }
  return null
}

function orderOf(left: readonly Operation[], value: string | null): Operation[] | null {
  if (left.length === 0) return []
  for (const next of left) {
    const others = left.filter((other) => other !== next)
    const isTooEarly = others.some((other) => other.outcome === 'ok' && other.end_ns! < next.start_ns)
    const after = isTooEarly ? undefined : apply(value, next)
    const rest = after === undefined ? null : orderOf(others, after)
    if (rest !== null) return [next, ...rest]
  }
  return null
}

/** @returns the value afterwards; undefined = the operation can't have answered so */
function apply(value: string | null, next: Operation): string | null | undefined {
  const told = next.outcome === 'ok'
  if (told && next.op !== 'get' && 'prior' in next && next.prior !== value) return undefined
  if (next.op === 'get') return !told || next.result === value ? value : undefined
  if (next.op === 'put') return next.value!
  if (next.op === 'delete') return null
  if (next.op === 'append') return value === null ? next.value! : value + next.value!
  const swaps = value === next.expect
  if (told && 'swapped' in next && next.swapped !== swaps) return undefined
  return swaps ? next.value! : value
}
