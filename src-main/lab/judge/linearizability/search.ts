/**
 * Is there an order of one key's operations that the register allows and that respects real time?
 *
 * Wing & Gong's search (1993) with Lowe's memo (2017), in the form of Porcupine (Athalye): calls and returns in one
 * doubly linked list in order of time; a call is tried only while it stands before the first return; what was taken
 * into the order is lifted out of the list and put back when the search backs up. A configuration (set of operations
 * taken, state reached) that was seen once is never entered again.
 *
 * An unknown operation never returns: it may be taken at any later point or never. So the search is done when every
 * answered operation has been taken. Where an order exists, one exists in which every unknown operation taken changes
 * the state and is not overwritten unseen by the next (leave it out: the rest stays legal). Only such orders are
 * tried, or a few writes of unknown fate would multiply the search by every subset of them.
 */
import type { Operation } from '@shared/run/operation'
import { type Value, isBlind, step } from './register'
import { Taken } from './taken'

/** gave-up: out of time or out of room for the memo */
export type SearchResult = 'ok' | 'violated' | 'gave-up'

export interface SearchLimits {
  /** monotonic ms */
  now: () => number
  deadlineMs: number
  /** memo entries; each holds a short string */
  configurationsMax: number
}

/** One call or return in the list. The list is closed by a sentinel, so neighbours always exist. */
interface Entry {
  /** operation number: answered ones first, in order of their calls, then unknown ones */
  id: number
  isCall: boolean
  operation: Operation
  /** the return of a call; null for an unknown operation */
  end: Entry | null
  previous: Entry
  next: Entry
}

const STEPS_PER_CLOCK_READ = 1_024

/**
 * @param operations of one key, none of them `fail`; unknown gets are left out by the caller or do no harm
 * @param onLonger told every order that explains more answers than any before it
 */
export function searchOrder(
  operations: readonly Operation[],
  limits: SearchLimits,
  onLonger?: (order: Operation[]) => void,
): SearchResult {
  const { head, answered, unknown } = linkEntries(operations)
  const taken = new Taken(answered, unknown)
  const states = new StateNumbers()
  const seen = new Set<string>()
  const path: { entry: Entry; state: Value; isUnknown: boolean }[] = []
  let state: Value = null
  let steps = 0
  let longest = 0
  let entry = head.next

  while (taken.answeredCount < answered) {
    if (++steps % STEPS_PER_CLOCK_READ === 0 && limits.now() > limits.deadlineMs) return 'gave-up'
    if (entry !== head && entry.isCall) {
      const isUnknown = entry.id >= answered
      const after = step(state, entry.operation)
      const isUseless = (isUnknown && after === state) || (path.at(-1)?.isUnknown === true && isBlind(entry.operation))
      if (after !== undefined && !isUseless) {
        taken.add(entry.id)
        // what may follow depends on whether the last one was unknown, so that belongs to the configuration
        const configuration = `${isUnknown ? '?' : ''}${taken.key(states.numberOf(after))}`
        if (!seen.has(configuration)) {
          if (seen.size >= limits.configurationsMax) return 'gave-up'
          seen.add(configuration)
          path.push({ entry, state, isUnknown })
          state = after
          lift(entry)
          if (onLonger !== undefined && taken.answeredCount > longest) {
            longest = taken.answeredCount
            onLonger(path.map((taking) => taking.entry.operation))
          }
          entry = head.next
          continue
        }
        taken.remove(entry.id)
      }
      entry = entry.next
      continue
    }
    // A return (or the end of the list): nothing before it can come next, so the last choice was wrong.
    const last = path.pop()
    if (last === undefined) return 'violated'
    state = last.state
    taken.remove(last.entry.id)
    unlift(last.entry)
    entry = last.entry.next
  }
  return 'ok'
}

function lift(call: Entry): void {
  unlink(call)
  if (call.end !== null) unlink(call.end)
}

/** Exact reverse of `lift`: the entry still knows where it stood. */
function unlift(call: Entry): void {
  if (call.end !== null) relink(call.end)
  relink(call)
}

function unlink(entry: Entry): void {
  entry.previous.next = entry.next
  entry.next.previous = entry.previous
}

function relink(entry: Entry): void {
  entry.previous.next = entry
  entry.next.previous = entry
}

/** At equal times calls stand before returns: the operations then count as concurrent, which never accuses falsely. */
function linkEntries(operations: readonly Operation[]): { head: Entry; answered: number; unknown: number } {
  const byCall = [...operations].sort((a, b) => a.start_ns - b.start_ns)
  const done = byCall.filter((operation) => operation.outcome === 'ok')
  const open = byCall.filter((operation) => operation.outcome === 'unknown')

  const head = { id: -1, isCall: false, end: null } as unknown as Entry
  head.previous = head
  head.next = head
  const timed: { atNs: number; entry: Entry }[] = []
  ;[...done, ...open].forEach((operation, id) => {
    const unlinked = { id, operation, previous: head, next: head }
    const isAnswered = operation.outcome === 'ok'
    const end: Entry | null = isAnswered ? { ...unlinked, isCall: false, end: null } : null
    timed.push({ atNs: operation.start_ns, entry: { ...unlinked, isCall: true, end } })
    if (end !== null) timed.push({ atNs: operation.end_ns ?? Infinity, entry: end })
  })
  timed.sort((a, b) => (a.atNs === b.atNs ? Number(b.entry.isCall) - Number(a.entry.isCall) : a.atNs - b.atNs))
  for (const { entry } of timed) {
    entry.previous = head.previous
    entry.next = head
    head.previous.next = entry
    head.previous = entry
  }
  return { head, answered: done.length, unknown: open.length }
}

/** A small number for every state met, so that a memo entry does not carry whole values. */
class StateNumbers {
  private readonly numbers = new Map<Value, number>()

  numberOf(state: Value): number {
    let number = this.numbers.get(state)
    if (number === undefined) {
      number = this.numbers.size
      this.numbers.set(state, number)
    }
    return number
  }
}
