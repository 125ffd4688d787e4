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

export interface GroupBacklog {
  name: string
  inFlight: number
  waiting: number
  pool: number | null
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
      /** each group: what is in flight, and how many of those wait for a connection of its pool (null = no bound) */
      groups: GroupBacklog[]
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
