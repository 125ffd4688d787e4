/** One client operation as the history records it (`history.jsonl`, one a line; the public shape, see README). */

export type OperationKind = 'get' | 'put' | 'delete' | 'cas' | 'append'

/**
 * ok: answered, and it happened. fail: it certainly had no effect. unknown: nobody can tell;
 * it may take effect at any later time, so it returns at infinity (`end_ns` null).
 */
export type Outcome = 'ok' | 'fail' | 'unknown'

export interface Operation {
  client: string
  key: string
  op: OperationKind
  /** value written (put, append, cas) */
  value?: string
  /** cas only: the value that must be there; null = key absent */
  expect?: string | null
  outcome: Outcome
  /** ok get only: what was read; null = key absent */
  result?: string | null
  /** ok cas only */
  swapped?: boolean
  /** log index of the answer */
  index?: number
  /** ok writes: the value before; null = key was absent */
  prior?: string | null
  /** when it should have started; integers, nanoseconds since load start */
  intended_ns?: number
  start_ns: number
  end_ns: number | null
}

/** What the generator reports beside the public history line; kept in the store, not in `history.jsonl`. */
export interface OperationRecord extends Operation {
  intended_ns: number
  /** answer time or deadline, since load start: where latency is counted to, also for timed-out operations */
  settled_ns: number
  /** a timed-out operation: settled at its deadline, the true latency is longer */
  censored: boolean
  /** the value read passed the business check (checksum fits, key is the one asked); absent values pass */
  checked: boolean
  /** node that gave the last answer, and how many attempts it took */
  node: string | null
  attempts: number
  /** why it was not ok: HTTP status or connection error code */
  error?: string
}
