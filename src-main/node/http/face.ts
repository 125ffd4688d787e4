/** What the routes see of the node behind them. */
import type { ReadAnswer, ReadConsistency, WriteAnswer } from '../answers'
import type { Metrics } from '../metrics'

export interface StatusBody {
  id: string
  pid: number
  boot: string
  role: 'leader' | 'follower' | 'candidate' | 'learner'
  term: number
  leader: string | null
  voters: readonly string[]
  learners: readonly string[]
  first: number
  last: number
  commit: number
  applied: number
  durable: number
  /** last index in the newest snapshot, 0 = none */
  snapshot: number
  election_timeout_ms: number
  /** match and lag are known to a leader only */
  peers: Record<string, { match: number | null; lag: number | null; rtt_ms: number | null; connected: boolean }>
}

export interface Face {
  /** starting: the log is being replayed */
  phase(): 'starting' | 'serving' | 'stopping'
  readonly defaultReads: ReadConsistency | 'local'
  readonly token: string
  readonly metrics: Metrics
  /** @param command as `encodeCommand` makes it */
  write(command: Uint8Array, settle: (answer: WriteAnswer) => void): void
  read(key: string, consistency: ReadConsistency, settle: (answer: ReadAnswer) => void): void
  readLocal(key: string): ReadAnswer
  /** null while starting */
  status(): StatusBody | null
}
