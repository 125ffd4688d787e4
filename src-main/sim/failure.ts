/** How a world ended that broke a rule. */
import { BrokenInvariant } from '../raft/invariant'
import { Violation } from './violation'

export interface Failure {
  kind: 'safety' | 'liveness'
  invariant: string
  detail: string
  /** how many steps the cluster had made */
  step: number
  atMs: number
}

/** Whatever ended a world counts: an exception that nobody foresaw breaks a rule as well. */
export function failureOf(error: unknown, where: Pick<Failure, 'step' | 'atMs'>): Failure {
  if (error instanceof Violation) return { kind: error.kind, invariant: error.invariant, detail: error.message, ...where }
  if (error instanceof BrokenInvariant) return { kind: 'safety', invariant: 'core', detail: error.message, ...where }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { kind: 'safety', invariant: 'no exception', detail, ...where }
}
