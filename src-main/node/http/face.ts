/** What the routes see of the node behind them. */
import type { ChangeResult, MembershipChange } from '../../raft/types'
import type { ReadAnswer, ReadConsistency, TransferAnswer, WriteAnswer } from '../answers'
import type { Metrics } from '../metrics'
import type { Made } from '../snapshots/snapshotter'

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
  /** resolves when the other node leads, or when it is known that it will not */
  transfer(to: string): Promise<TransferAnswer>
  snapshot(): Promise<Made>
  /** resolves nothing: how far the change is shows in `status` */
  changeMembers(change: MembershipChange, force: boolean): ChangeResult
  members(): { voters: readonly string[]; learners: readonly string[] }
  /** whether this node has an address for that one, or is it */
  knows(id: string): boolean
}
