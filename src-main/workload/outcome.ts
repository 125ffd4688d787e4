/** What an answer, or none, says about an operation: ok, fail (it certainly had no effect) or unknown. */
import type { Operation, OperationKind } from '@shared/run/operation'
import type { Attempt } from './attempt'

export type Verdict = Pick<Operation, 'outcome' | 'result' | 'swapped' | 'index' | 'prior'> & {
  /** a time limit ended it, ours or the node's */
  isTimedOut: boolean
  error?: string
}

/** Statuses by which a node says that the operation is in no log, or was applied without effect (413). */
const NO_EFFECT = new Set([400, 409, 413, 421, 429, 503])

export function verdictOf(op: OperationKind, attempt: Attempt): Verdict {
  const nobodyKnows = op === 'get' ? 'fail' : 'unknown'
  if (attempt.kind === 'lost') {
    const { isSent, isTimedOut, error } = attempt
    return { outcome: isSent ? nobodyKnows : 'fail', isTimedOut, error }
  }
  const { status, body } = attempt
  if (NO_EFFECT.has(status)) return { outcome: 'fail', isTimedOut: false, error: String(status) }
  const answer = status === 200 || (status === 404 && op === 'get') ? readAnswer(op, body) : null
  if (answer) return { outcome: 'ok', isTimedOut: false, ...answer }
  const error = status === 200 ? 'malformed answer' : String(status)
  return { outcome: nobodyKnows, isTimedOut: status === 504, error }
}

/** @returns the leader that a 421 names, or null */
export function namedLeader(body: string): { leader: string; term: number } | null {
  const { leader, term } = parseObject(body)
  return typeof leader === 'string' && Number.isSafeInteger(term) ? { leader, term: term as number } : null
}

/** @returns null when the body is not what the contract promises for this operation */
function readAnswer(op: OperationKind, body: string): Pick<Operation, 'result' | 'swapped' | 'index' | 'prior'> | null {
  const { index, value, prior, swapped } = parseObject(body)
  if (!Number.isSafeInteger(index)) return null
  const answer = { index: index as number }
  if (op === 'get') return isStringOrNull(value) ? { ...answer, result: value } : null
  if (!isStringOrNull(prior)) return null
  if (op !== 'cas') return { ...answer, prior }
  return typeof swapped === 'boolean' ? { ...answer, prior, swapped } : null
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body)
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  } catch {
    return {} // not JSON: none of the fields that are asked for next
  }
}

function isStringOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
