/** What the engine and a node process say to each other: the start-up configuration and the reports over the IPC channel. */
import type { RaftSettings, SnapshotSettings, TimerSettings } from '@shared/raft'
import type { QuorumAck, RunEvent, NodeSample } from '@shared/run/event'
import type { Harm } from '@shared/run/harm'

/** Environment variable that carries `NodeConfig` as JSON. */
export const NODE_CONFIG_ENV = 'FAULTLINE_NODE'

export interface NodeConfig {
  id: string
  /** folder of this node's log; made if missing */
  dir: string
  /** bearer token for /admin */
  token: string
  /** run origin on CLOCK_MONOTONIC, ns, decimal string: reported times count from here */
  originNs: string
  /** own HTTP face and own peer listener, on 127.0.0.1 */
  httpPort: number
  peerPort: number
  /**
   * every node this one may ever talk to, also those that may become members later: where to dial it (its proxy for this
   * directed link, or its listener with --direct)
   */
  peers: { id: string; port: number }[]
  /** the first voters of the cluster, the same on every node; a node that is neither one of them nor a learner waits to be added */
  voters: string[]
  /** the first learners, the same on every node */
  learners: string[]
  /** of snapshots what is absent has its default */
  raft: Omit<RaftSettings, 'timers' | 'snapshot'> & {
    timers?: TimerSettings
    snapshot?: Partial<SnapshotSettings>
    /** 0…100; a node with a low one leads last */
    priority?: number
    peerPriorities?: Record<string, number>
  }
  /** an operator's word: these voters replace what log and snapshot say, see `ForcedMembership` */
  forced?: ForcedWord
  /** harms in force when it starts, by the id of their fault; absent = none */
  harms?: Record<string, Harm>
  /** test options of the file layer; absent in every ordinary run */
  test?: {
    /** what was not fsynced is kept in memory only and lost at a kill (the page cache would survive SIGKILL) */
    losesUnsynced?: boolean
    /** deliberately wrong: acknowledges without fsync */
    skipFsync?: boolean
    /** deliberately wrong: answers and sends before fsync is done */
    answerBeforeFsync?: boolean
  }
}

/** Who votes by an operator's word; one that comes again with the same id is not a new one. */
export interface ForcedWord {
  id: string
  voters: string[]
}

/** How a node process ends; the numbers are those of sysexits.h. */
export const NODE_EXIT = {
  /** asked to stop, or its engine went away */
  stopped: 0,
  /** the log or the snapshot can't be trusted */
  corruptLog: 65,
  /** a port is taken */
  portTaken: 69,
  /** our own bug: the core or the process broke an invariant */
  bug: 70,
  /** the disk failed: a write, an fsync, a file that can't be opened */
  disk: 74,
  /** no configuration, or one that can't be */
  config: 78,
} as const

/** node → engine. Times are ns since the run's origin. */
export type NodeReport =
  | { type: 'ready'; atNs: number; boot: string; pid: number; tornBytes: number }
  | { type: 'event'; event: RunEvent }
  | { type: 'ack'; ack: QuorumAck }
  | { type: 'sample'; sample: NodeSample }
  /** an order was carried out, or why it could not be */
  | { type: 'harmed'; order: number; failure: string | null }
  | { type: 'fatal'; atNs: number; message: string }

/** engine → node. A node also exits when the channel closes. */
export type NodeCommand =
  | { type: 'stop' }
  /** `harm` null = that of fault `id` ends; `order` is repeated in the answer */
  | { type: 'harm'; order: number; id: string; harm: Harm | null }
