/**
 * What waits to be reported to the engine. One message is on its way at a time; while the engine is slow, records
 * collect here up to a bound, past which the generator stops sending requests (and counts them): none is dropped.
 */
import type { LoadInterval } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { WorkloadReport } from './child'

export type Vitals = Omit<Extract<WorkloadReport, { type: 'batch' }>, 'type' | 'operations'>

/** Resolves when the channel has taken the report. */
export type Send = (report: WorkloadReport) => Promise<void>

const MESSAGE_OPERATIONS_MAX = 500
const MESSAGE_CHARS_MAX = 4 * 2 ** 20
const QUEUE_OPERATIONS_MAX = 50_000
const QUEUE_CHARS_MAX = 64 * 2 ** 20

export class Outbox {
  private operations: OperationRecord[] = []
  private chars = 0
  private intervals: LoadInterval[] = []
  private flushing: Promise<void> | null = null

  constructor(
    private readonly send: Send,
    private readonly vitals: () => Vitals,
  ) {}

  isFull(): boolean {
    return this.operations.length >= QUEUE_OPERATIONS_MAX || this.chars >= QUEUE_CHARS_MAX
  }

  add(operation: OperationRecord): void {
    this.operations.push(operation)
    this.chars += charsOf(operation)
  }

  addIntervals(intervals: LoadInterval[]): void {
    this.intervals.push(...intervals)
  }

  /** Sends what there is, at least one batch: the engine sees that the generator lives. One flush is under way at a time. */
  flush(): Promise<void> {
    this.flushing ??= this.sendAll().finally(() => {
      this.flushing = null
    })
    return this.flushing
  }

  /** Resolves when nothing is left. */
  async drain(): Promise<void> {
    do await this.flush()
    while (this.operations.length > 0 || this.intervals.length > 0)
  }

  private async sendAll(): Promise<void> {
    do await this.send({ type: 'batch', operations: this.takeMessage(), ...this.vitals() })
    while (this.operations.length >= MESSAGE_OPERATIONS_MAX || this.chars >= MESSAGE_CHARS_MAX)
    for (const interval of this.intervals.splice(0)) await this.send({ type: 'interval', interval })
  }

  /** As many as one message may hold, at least one: making JSON of more at once would delay requests. */
  private takeMessage(): OperationRecord[] {
    let count = 0
    const most = Math.min(this.operations.length, MESSAGE_OPERATIONS_MAX)
    for (let chars = 0; count < most && chars < MESSAGE_CHARS_MAX; count++) {
      chars += charsOf(this.operations[count]!)
    }
    const taken = this.operations.splice(0, count)
    for (const operation of taken) this.chars -= charsOf(operation)
    return taken
  }
}

function charsOf({ value, expect, result, prior }: OperationRecord): number {
  return (value?.length ?? 0) + (expect?.length ?? 0) + (result?.length ?? 0) + (prior?.length ?? 0)
}
