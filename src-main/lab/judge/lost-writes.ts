/**
 * Acknowledged writes that are provably gone. An answer names its place in the log (`index`), so the acknowledged
 * writes of one key have a known order, and each answer shows the value before it (`prior`).
 *
 * Acknowledged write W (index i) is lost when
 *   - another acknowledged write, of any key, has index i: a log holds one entry at an index; all but one are gone; or
 *   - a later write of the key (index j > i) with no acknowledged write of the key between them was answered with a
 *     `prior` that is not what W left, or
 *   - a read of the key answered at index r ≥ i shows neither what the last acknowledged write up to r left nor what
 *     any acknowledged write after r left, or
 *   - the log was cut before index i after W was answered (`forced-members.ts`).
 * Nobody is accused where a write without an acknowledged place (unknown, or even failed) could have left what was
 * seen. So this finds less than the linearizability search, but what it finds is lost.
 */
import type { OperationRecord } from '@shared/run/operation'
import type { LogCut } from './forced-members'
import { type Value, step } from './linearizability/register'

type Write = OperationRecord & { index: number }

/** @returns the lost writes, in order of their start */
export function findLostWrites(operations: readonly OperationRecord[], cuts: readonly LogCut[] = []): OperationRecord[] {
  const lost = new Set<OperationRecord>()
  const byKey = new Map<string, OperationRecord[]>()
  const byIndex = new Map<number, Write>()
  for (const answered of operations) {
    const isGone = cuts.some((cut) => isCutOff(answered, cut))
    if (isGone && isPlacedWrite(answered)) lost.add(answered)
    const operation = isGone ? withoutPlace(answered) : answered
    const own = byKey.get(operation.key)
    if (own === undefined) byKey.set(operation.key, [operation])
    else own.push(operation)
    if (!isPlacedWrite(operation)) continue
    const holder = byIndex.get(operation.index)
    if (holder === undefined) byIndex.set(operation.index, operation)
    else lost.add(operation.settled_ns < holder.settled_ns ? operation : holder)
  }
  for (const own of byKey.values()) addLostOfKey(own, lost)
  return [...lost].sort((a, b) => a.start_ns - b.start_ns)
}

/** Answered from the part of a log that is gone: its place was given away again, and says nothing about what came after. */
function isCutOff({ settled_ns, index }: OperationRecord, { atNs, lastIndex }: LogCut): boolean {
  return index !== undefined && settled_ns < atNs && index > lastIndex
}

const withoutPlace = ({ index: _index, ...operation }: OperationRecord): OperationRecord => operation

function addLostOfKey(operations: readonly OperationRecord[], lost: Set<OperationRecord>): void {
  const placed = operations.filter(isPlacedWrite).sort((a, b) => a.index - b.index)
  if (placed.length === 0) return
  const couldBeUnplaced = unplacedEffects(operations)
  const lastIndexLeaving = new Map<Value, number>()
  let unclearFrom = -1
  for (const write of placed) {
    const left = leaves(write)
    if (left === undefined) unclearFrom = write.index
    else lastIndexLeaving.set(left, write.index)
  }
  for (const operation of operations) {
    if (operation.outcome !== 'ok' || operation.index === undefined) continue
    const isRead = operation.op === 'get'
    const seen = isRead ? operation.result : operation.prior
    if (seen === undefined || couldBeUnplaced(seen)) continue
    // A write's answer shows the state just before its own entry; a read's shows at least its index, maybe more.
    const upTo = isRead ? operation.index : operation.index - 1
    const last = lastUpTo(placed, upTo)
    if (last === undefined) continue
    const left = leaves(last)
    if (left === undefined || left === seen) continue
    const couldBeNewer = isRead && (unclearFrom > upTo || (lastIndexLeaving.get(seen) ?? -1) > upTo)
    if (!couldBeNewer) lost.add(last)
  }
}

/** An acknowledged write that took effect, with its place. */
function isPlacedWrite(operation: OperationRecord): operation is Write {
  if (operation.outcome !== 'ok' || operation.index === undefined || operation.op === 'get') return false
  return operation.op !== 'cas' || operation.swapped === true
}

/** @returns the value after the write; undefined for an append whose answer did not say what it was appended to */
function leaves(write: Write): Value | undefined {
  if (write.op === 'append' && write.prior === undefined) return undefined
  const before = write.op === 'cas' ? (write.expect ?? null) : (write.prior ?? null)
  const { prior: _prior, ...asked } = write
  return step(before, asked)
}

/** @returns whether a write without an acknowledged place could have left this value */
function unplacedEffects(operations: readonly OperationRecord[]): (value: Value) => boolean {
  const writes = operations.filter(
    (operation) =>
      operation.op !== 'get' && !isPlacedWrite(operation) && !(operation.outcome === 'ok' && operation.swapped === false),
  )
  const whole = new Set<Value>(writes.map(({ op, value }) => (op === 'delete' ? null : (value ?? ''))))
  const tails = writes.filter(({ op }) => op === 'append').map(({ value }) => value ?? '')
  return (seen) => whole.has(seen) || (seen !== null && tails.some((tail) => seen.endsWith(tail)))
}

/** Binary search: the write with the highest index not above `upTo`. */
function lastUpTo(placed: readonly Write[], upTo: number): Write | undefined {
  let [low, high] = [0, placed.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (placed[middle]!.index <= upTo) low = middle + 1
    else high = middle
  }
  return placed[low - 1]
}
