/**
 * The fast path: the order of the log is a candidate, since every answer names the log index it was given at. It is held
 * against the register and against real time; where it fits, it is the order that is looked for, and no search is
 * needed. Where it does not fit, nothing is said: the cluster that answered may have lied about the index too.
 */
import type { Operation } from '@shared/run/operation'
import { type Value, step } from './register'

/**
 * A read stands behind the write of its index. A write of unknown fate has no index; one is put in where the next answer
 * can't be explained without it, and the rest are taken for never done.
 *
 * @param operations of one key, without failed ones
 * @returns whether the log's order is a linearization; false also where an answer has no index
 */
export function isLogOrderLinearization(operations: readonly Operation[]): boolean {
  const answered = operations.filter(({ outcome }) => outcome === 'ok')
  if (answered.some(({ index }) => index === undefined)) return false
  answered.sort((a, b) => a.index! - b.index! || Number(a.op === 'get') - Number(b.op === 'get') || a.start_ns - b.start_ns)
  const open = operations.filter(({ outcome, op }) => outcome === 'unknown' && op !== 'get')

  let state: Value = null
  let latestStartNs = -Infinity
  for (const operation of answered) {
    let after = step(state, operation)
    if (after === undefined) {
      const missing = takeMissing(open, state, operation)
      if (missing === null) return false
      latestStartNs = Math.max(latestStartNs, missing.start_ns)
      after = step(step(state, missing)!, operation)!
    }
    latestStartNs = Math.max(latestStartNs, operation.start_ns)
    // something before it in this order began only after it had been answered
    if ((operation.end_ns ?? Infinity) < latestStartNs) return false
    state = after
  }
  return true
}

/** @returns the open write after which `next` can have answered what it did, taken out of `open`; null = there is none */
function takeMissing(open: Operation[], state: Value, next: Operation): Operation | null {
  const at = open.findIndex((write) => {
    const between = step(state, write)
    return between !== undefined && step(between, next) !== undefined
  })
  return at < 0 ? null : open.splice(at, 1)[0]!
}
