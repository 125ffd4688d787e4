/**
 * The definition of linearizability spelt out, for tiny histories only: every subset of the unknown operations, every
 * order, a register written here from scratch. Shares nothing with the search it is compared with.
 */
import type { Operation } from '@shared/run/operation'

export function isLinearizable(history: readonly Operation[]): boolean {
  const answered = history.filter(({ outcome }) => outcome === 'ok')
  const open = history.filter(({ outcome }) => outcome === 'unknown')
  for (let mask = 0; mask < 2 ** open.length; mask++) {
    if (hasOrder([...answered, ...open.filter((_, bit) => (mask >> bit) % 2 === 1)], null)) return true
  }
  return false
}

function hasOrder(left: readonly Operation[], value: string | null): boolean {
  if (left.length === 0) return true
  return left.some((next) => {
    const others = left.filter((other) => other !== next)
    const tooEarly = others.some((other) => other.outcome === 'ok' && other.end_ns! < next.start_ns)
    if (tooEarly) return false
    const told = next.outcome === 'ok'
    if (told && next.op !== 'get' && 'prior' in next && next.prior !== value) return false
    if (next.op === 'get') return (!told || next.result === value) && hasOrder(others, value)
    if (next.op === 'put') return hasOrder(others, next.value!)
    if (next.op === 'delete') return hasOrder(others, null)
    if (next.op === 'append') return hasOrder(others, value === null ? next.value! : value + next.value!)
    const swaps = value === next.expect
    if (told && 'swapped' in next && next.swapped !== swaps) return false
    return hasOrder(others, swaps ? next.value! : value)
  })
}
