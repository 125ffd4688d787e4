/** A snapshot as a simulated disk holds it and a stream carries it; its state is rebuilt by the real state machine. */
import { type Capture, StateMachine } from '../node/state/machine'
import type { SnapshotMeta } from '../raft/types'

export interface StoredSnapshot {
  meta: SnapshotMeta
  /** a full capture, then changes */
  chain: readonly Capture[]
}

/** The state that a snapshot stands for. */
export function machineOf(snapshot: StoredSnapshot | null): StateMachine {
  return snapshot === null ? new StateMachine() : StateMachine.from(snapshot.chain)
}
