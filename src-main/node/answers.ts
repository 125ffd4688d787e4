/** What becomes of a client's request inside the node; the HTTP face turns these into statuses, nothing else does. */
import type { TransferResult } from '../raft/types'
import type { Applied } from './state/machine'

export type Refused =
  | { kind: 'not-leader'; leader: string | null; term: number }
  /** nothing was appended: too much is waiting already */
  | { kind: 'overloaded' }
  /** nothing was appended: starting, stopping, or no quorum answered in time */
  | { kind: 'unavailable'; reason: string }

export type WriteAnswer =
  | Exclude<Applied, { kind: 'nothing' }>
  | Refused
  /** appended and not known to be committed: it may still take effect */
  | { kind: 'unknown'; reason: string }

/** How a leader proves that what it answers is current: by a round of its own, or by the lease the last rounds gave it. */
export type ReadConsistency = 'linearizable' | 'lease'

export type ReadAnswer = { kind: 'read'; value: Uint8Array | null; index: number; stalenessMs?: number | null } | Refused

export type TransferAnswer =
  | { ok: true; durationMs: number }
  | Extract<TransferResult, { ok: false }>
  /** the core gave up and leads on, or nobody can tell */
  | { ok: false; reason: 'given-up' | 'unknown' }
