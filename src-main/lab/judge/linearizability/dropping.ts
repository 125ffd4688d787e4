/**
 * Which unknown operations can be left out of the search. A history with many writes whose fate nobody knows explodes,
 * and most of them were never seen again: leaving those out changes no verdict on a legal history.
 */
import type { Operation } from '@shared/run/operation'

/**
 * An unknown get constrains nothing. An unknown put or append is left out when its value is unique in the history and
 * no result, prior or `expect` on its key holds it, nor (appends) holds it as a part. Where the key has a cas or append
 * and an answered operation lacks `prior`, nothing is left out: a cas that did not swap may owe that to a write nobody
 * saw. An unknown delete or cas leaves no mark of its own and always stays.
 *
 * @param operations of one key, without failed ones
 * @param writtenTimes how often each value was written in the whole history
 */
export function dropUnobserved(operations: readonly Operation[], writtenTimes: ReadonlyMap<string, number>): Operation[] {
  const constraining = operations.filter((operation) => operation.outcome === 'ok' || operation.op !== 'get')
  const hasCasOrAppend = constraining.some(({ op }) => op === 'cas' || op === 'append')
  const lacksPrior = constraining.some(({ outcome, op, prior }) => outcome === 'ok' && op !== 'get' && prior === undefined)
  if (hasCasOrAppend && lacksPrior) return constraining

  const mentioned = mentionedValues(constraining)
  const hasAppend = constraining.some(({ op }) => op === 'append')
  const together = hasAppend ? [...mentioned].join('\0') : ''
  return constraining.filter((operation) => {
    if (operation.outcome === 'ok' || operation.value === undefined) return true
    if (operation.op !== 'put' && operation.op !== 'append') return true
    const isUnique = writtenTimes.get(operation.value) === 1
    const isSeen = mentioned.has(operation.value) || (hasAppend && together.includes(operation.value))
    return !isUnique || isSeen
  })
}

export function countWritten(operations: Iterable<Operation>): Map<string, number> {
  const times = new Map<string, number>()
  for (const { value } of operations) if (value !== undefined) times.set(value, (times.get(value) ?? 0) + 1)
  return times
}

function mentionedValues(operations: readonly Operation[]): Set<string> {
  const values = new Set<string>()
  for (const { result, prior, expect } of operations) {
    for (const value of [result, prior, expect]) if (value !== undefined && value !== null) values.add(value)
  }
  return values
}
