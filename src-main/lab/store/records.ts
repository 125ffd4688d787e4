/** What the store keeps of a run and hands to the judge: records only, nothing derived. */
import type { LabSample, LoadInterval, NodeSample, QuorumAck, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { Host, RunEnd } from '@shared/run/report'

export interface RunHeader {
  run: string
  title: string
  planText: string
  /** SHA-256 of planText, hex */
  planSha256: string
  seed: number
  /** wall clock at the origin, ms since the epoch: the run's one (monotonic, wall) anchor */
  startedWallMs: number
  host: Host
  version: string
  /** lab folder of the engine that owns it, while it runs */
  lab: string
}

export interface RunClosing {
  end: RunEnd
  stoppedBy: string | null
  /** reasons the lab itself found for the run being invalid (instrument faults, concurrent run) */
  invalid: string[]
  notSent: number
  /** load start in ns since the origin; null when load never began */
  loadStartNs: number | null
  endedNs: number
}

export interface RunRecords {
  header: RunHeader
  /** null: the run was killed half-way and opens as ERRORED with all it had */
  closing: RunClosing | null
  /** ascending atNs */
  events: RunEvent[]
  acks: QuorumAck[]
  nodeSamples: NodeSample[]
  labSamples: LabSample[]
  intervals: LoadInterval[]
  /** ascending start_ns; times since load start */
  operations: OperationRecord[]
}
