/** What the engine and the load generator say to each other over the IPC channel. */
import type { LoadSettings } from '@shared/plan/plan'
import type { LoadInterval } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'

export const WORKLOAD_CONFIG_ENV = 'FAULTLINE_WORKLOAD'

export interface WorkloadConfig {
  seed: number
  load: LoadSettings
  /** client path of each node, in order: 127.0.0.1:port */
  nodes: { id: string; port: number }[]
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
      /** longest delay of the generator's loop since the last batch */
      loopLagMsMax: number
      cpuMs: number
      rssBytes: number
    }
  /** a full second, sent once nothing intended in it is still in flight */
  | { type: 'interval'; interval: LoadInterval }
  /** everything intended is settled and was sent to the engine; `notSent` = never handed to the client in time */
  | { type: 'done'; intended: number; notSent: number }
  | { type: 'fatal'; message: string }
