/**
 * What may be taken from a history so that it accuses less and never more: where an order explains the history, one
 * explains what is left. So what is left of a violation, if no order explains it, is a proof in itself.
 */
import type { Operation } from '@shared/run/operation'
import type { Value } from './register'

export interface Weakening {
  /** what it could be done to */
  candidates(operations: readonly Operation[]): Operation[]
  /** @returns the history without that; null where it can't be taken from it */
  apply(operations: readonly Operation[], chosen: ReadonlySet<Operation>): Operation[] | null
}

/** Operations that changed nothing only demand: less is demanded without them. */
const withoutReads: Weakening = {
  candidates: (operations) => operations.filter(({ op, swapped }) => op === 'get' || swapped === false),
  apply: without,
}

/** A cas that did not swap keeps what it found: without that no write could go. */
const withoutPriors: Weakening = {
  candidates: (operations) => operations.filter(({ prior, swapped }) => prior !== undefined && swapped !== false),
  apply: (operations, chosen) =>
    operations.map((operation) => {
      if (!chosen.has(operation)) return operation
      const { prior: _prior, ...asked } = operation
      return asked
    }),
}

/**
 * A write goes when no answer that stays shows what it left, whole or (where there are appends) as a part: whatever came
 * behind it in an order then fits any state. A cas that did not swap, and doesn't say what it found, may owe that to
 * any write.
 */
const withoutUnseenWrites: Weakening = {
  candidates: (operations) => operations.filter(({ op }) => op !== 'get'),
  apply(operations, chosen) {
    const rest = without(operations, chosen)
    if (rest.some(({ op, outcome, swapped, prior }) => op === 'cas' && outcome === 'ok' && swapped !== true && prior === undefined)) return null
    const seen = new Set(rest.flatMap(({ result, prior, expect }) => [result, prior, expect]).filter((value) => value !== undefined))
    const hasAppend = operations.some(({ op }) => op === 'append')
    return [...chosen].some((write) => isSeen(leftBy(write), seen, hasAppend)) ? null : rest
  },
}

export const WEAKENINGS: readonly Weakening[] = [withoutReads, withoutPriors, withoutUnseenWrites]

function without(operations: readonly Operation[], chosen: ReadonlySet<Operation>): Operation[] {
  return operations.filter((operation) => !chosen.has(operation))
}

function leftBy({ op, value }: Operation): Value {
  return op === 'delete' ? null : (value ?? '')
}

/** Behind a delete an append leaves its own value alone, so with appends nobody can tell whether a delete was seen. */
function isSeen(left: Value, seen: ReadonlySet<Value>, hasAppend: boolean): boolean {
  if (!hasAppend) return seen.has(left)
  return left === null || [...seen].some((value) => value !== null && value.includes(left))
}
