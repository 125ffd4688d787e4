/** What the engine and the load generator say to each other over the IPC channel. */
import type { LoadSettings } from '@shared/plan/plan'
import type { LoadInterval } from '@shared/run/event'
import type { LoadChange } from '@shared/run/load-change'
import type { OperationRecord } from '@shared/run/operation'

export const WORKLOAD_CONFIG_ENV = 'FAULTLINE_WORKLOAD'

export interface GroupConfig {
  load: LoadSettings
  /** begins every client id of the group; empty where it is the only one */
  clientPrefix: string
  /** client path of each node, in order: 127.0.0.1:port */
  nodes: { id: string; port: number }[]
}

export interface WorkloadConfig {
  seed: number
  groups: GroupConfig[]
  originNs: string
  /** phases end to end: load lasts this long from its start */
  durationMs: number
}

/** engine → generator */
export type WorkloadCommand =
  /** load starts at this moment, ns since the run's origin */
  | { type: 'start'; atNs: number }
  /** no further request is started; what is in flight settles (bounded by its deadline) or is reported unknown */
  | { type: 'stop' }
  /** a group asks otherwise from now on; null = that ends. Answered by `changed` with the same number */
  | { type: 'change'; order: number; group: string; id: string; change: LoadChange | null }

/** A client group at one moment; what is counted is counted since load start. */
export interface GroupReading {
  name: string
  inFlight: number
  /** of those, waiting for a connection of the pool */
  waiting: number
  /** connections to each node at most; null = no bound */
  pool: number | null
  /** connections to one node that were in use at once, at most, since the reading before */
  inUseMax: number
  /** requests that had to wait for a connection */
  waited: number
  /** requests that were due; of those, for the group's first key */
  intended: number
  toFirstKey: number
  /** values to be written, and their bytes */
  values: number
  valueBytes: number
}

/** generator → engine, in batches about five times a second */
export type WorkloadReport =
  | { type: 'ready'; pid: number }
  | {
      type: 'batch'
      /** settled operations; times since load start */
      operations: OperationRecord[]
      inFlight: number
      /** of those, intended more than a second ago: a service that stalls shows here long before anything times out */
      overdue: number
      /** when all this was read, ns since load start */
      atNs: number
      groups: GroupReading[]
      /** longest delay of the generator's loop since the last batch */
      loopLagMsMax: number
      cpuMs: number
      rssBytes: number
    }
  /** it does as ordered; or why not */
  | { type: 'changed'; order: number; failure: string | null }
  /** a full second, sent once nothing intended in it is still in flight */
  | { type: 'interval'; interval: LoadInterval }
  /** everything intended is settled and was sent to the engine; `notSent` = never handed to the client in time */
  | { type: 'done'; intended: number; notSent: number }
  | { type: 'fatal'; message: string }
