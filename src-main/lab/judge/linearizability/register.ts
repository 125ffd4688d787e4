/** The sequential specification a key is held against: one register, absent at first. */
import type { Operation } from '@shared/run/operation'

/** null = key absent */
export type Value = string | null

/**
 * What the register holds after the operation, or undefined when the operation can't have answered what it did in
 * this state. Everything an answer says counts: the value read, the value before a write, whether a cas swapped.
 * An operation without an answer fits any state.
 */
export function step(state: Value, operation: Operation): Value | undefined {
  const isAnswered = operation.outcome === 'ok'
  if (isAnswered && operation.prior !== undefined && operation.op !== 'get' && operation.prior !== state) return undefined
  switch (operation.op) {
    case 'get':
      return isAnswered && operation.result !== undefined && operation.result !== state ? undefined : state
    case 'put':
      return operation.value ?? ''
    case 'delete':
      return null
    case 'append':
      return (state ?? '') + (operation.value ?? '')
    case 'cas': {
      const matches = state === (operation.expect ?? null)
      if (isAnswered && operation.swapped !== undefined && operation.swapped !== matches) return undefined
      return matches ? (operation.value ?? '') : state
    }
  }
}

/** A write whose effect and answer are the same whatever was there before. */
export function isBlind({ op, outcome, prior }: Operation): boolean {
  return (op === 'put' || op === 'delete') && (outcome !== 'ok' || prior === undefined)
}
