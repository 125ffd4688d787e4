/** What a node sees of its world, and what the parts of a node (requests, snapshots, rules) see of the node. */
import type { StateMachine } from '../node/state/machine'
import type { CoreEvent, LogIndex, Message, NodeId, Raft, RaftConfig, Role, Term } from '../raft/types'
import type { Agenda } from './agenda'
import type { Coverage } from './coverage'
import type { SimDisk } from './disk'
import type { Durables } from './durables'
import type { HistoryHash } from './history-hash'
import type { Invariants } from './invariants'
import type { StoredSnapshot } from './stored-snapshot'

/** Nodes are named by their number here: the world knows which one that is. */
export interface Surroundings {
  readonly agenda: Agenda
  readonly invariants: Invariants
  readonly hash: HistoryHash
  readonly coverage: Coverage
  steps: number
  config(node: NodeId, life: number): RaftConfig
  /** shortest silence of a leader after which a node may help another */
  readonly patienceMs: number
  readonly snapshots: { snapshotEvery: number; keepEntries: number }
  /** @param stamp what the sender's clock said, where round trips are measured */
  send(message: Message, stamp: Buffer | null): void
  /** `taken` is called when the other node has confirmed that it stands there: as any answer, that may be lost */
  sendSnapshot(from: number, to: NodeId, snapshot: StoredSnapshot, taken: () => void): void
  /** how long the next fsync of this node takes */
  syncMs(node: number): number
  /** an fsync has begun: the moment at which a crash hurts most */
  syncing(node: number, syncMs: number): void
  /** a snapshot is durable, and the log behind it about to be cut */
  cutting(node: number, cutMs: number): void
  told(node: number, event: CoreEvent): void
}

/** A node as its own parts know it. */
export interface Host {
  readonly id: NodeId
  readonly number: number
  readonly around: Surroundings
  /** null while it is down */
  readonly raft: Raft | null
  readonly disk: SimDisk
  /** the log in memory, as handed out for writing */
  readonly memory: Durables
  readonly machine: StateMachine
  readonly life: number
  readonly role: Role
  readonly term: Term
  readonly leader: NodeId | null
  readonly commit: LogIndex
  readonly localMs: number
  pump(): void
  /** Now, or when the pause is over; never in another life. */
  happen(life: number, run: () => void): void
  /** The core's log stands at this snapshot now, and so does the state. */
  restored(snapshot: StoredSnapshot): void
}
