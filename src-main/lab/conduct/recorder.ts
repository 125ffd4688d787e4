/**
 * Puts what happens into the store: collected in memory, written five times a second in one go; what must be durable
 * before something else happens (a fault's request) is written at once.
 */
import type { LabSample, LoadInterval, NodeSample, QuorumAck, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { Store } from '../store/store'

const FLUSH_EVERY_MS = 200

export class Recorder {
  private readonly events: RunEvent[] = []
  private readonly acks: QuorumAck[] = []
  private readonly nodeSamples: NodeSample[] = []
  private readonly labSamples: LabSample[] = []
  private readonly intervals: LoadInterval[] = []
  private readonly operations: OperationRecord[] = []
  private readonly timer: NodeJS.Timeout
  /** why nothing can be written: every try would stand still for as long as the database is waited for */
  private failure: unknown = null

  constructor(
    private readonly store: Store,
    private readonly run: string,
    private readonly onError: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => this.tryFlush(), FLUSH_EVERY_MS)
  }

  event(event: RunEvent): void {
    this.events.push(event)
  }

  /** On the disk when it returns. @throws when it can't be; then nothing is written before the end */
  eventNow(event: RunEvent): void {
    this.events.push(event)
    this.tryFlush()
    if (this.failure !== null) throw this.failure
  }

  ack(ack: QuorumAck): void {
    this.acks.push(ack)
  }

  nodeSample(sample: NodeSample): void {
    this.nodeSamples.push(sample)
  }

  labSample(sample: LabSample): void {
    this.labSamples.push(sample)
  }

  interval(interval: LoadInterval): void {
    this.intervals.push(interval)
  }

  addOperations(operations: OperationRecord[]): void {
    for (const operation of operations) this.operations.push(operation)
  }

  /** Writes the rest, also what could not be written before; nothing is recorded after. @throws when it can't be */
  close(): void {
    clearInterval(this.timer)
    this.flush()
  }

  private tryFlush(): void {
    if (this.failure !== null) return
    try {
      this.flush()
    } catch (error) {
      this.failure = error
      clearInterval(this.timer)
      this.onError(error)
    }
  }

  private flush(): void {
    const { store, run } = this
    write(this.events, (events) => store.appendEvents(run, events))
    write(this.acks, (acks) => store.appendAcks(run, acks))
    write(this.nodeSamples, (samples) => store.appendNodeSamples(run, samples))
    write(this.labSamples, (samples) => store.appendLabSamples(run, samples))
    write(this.intervals, (intervals) => store.appendIntervals(run, intervals))
    write(this.operations, (operations) => store.appendOperations(run, operations))
  }
}

/** What could not be appended is kept. */
function write<T>(waiting: T[], append: (batch: readonly T[]) => void): void {
  if (waiting.length === 0) return
  append(waiting)
  waiting.length = 0
}
