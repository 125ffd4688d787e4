/**
 * Puts what happens into the store: collected in memory, written five times a second in one go; what must be durable
 * before something else happens (a fault's request) is written at once.
 */
import type { LabSample, LoadInterval, NodeSample, QuorumAck, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { Store } from '../store/store'

const FLUSH_EVERY_MS = 200

export class Recorder {
  private events: RunEvent[] = []
  private acks: QuorumAck[] = []
  private nodeSamples: NodeSample[] = []
  private labSamples: LabSample[] = []
  private intervals: LoadInterval[] = []
  private operations: OperationRecord[] = []
  private readonly timer: NodeJS.Timeout

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

  /** On the disk when it returns. */
  eventNow(event: RunEvent): void {
    this.events.push(event)
    this.flush()
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

  flush(): void {
    const { store, run } = this
    if (this.events.length > 0) store.appendEvents(run, this.events.splice(0))
    if (this.acks.length > 0) store.appendAcks(run, this.acks.splice(0))
    if (this.nodeSamples.length > 0) store.appendNodeSamples(run, this.nodeSamples.splice(0))
    if (this.labSamples.length > 0) store.appendLabSamples(run, this.labSamples.splice(0))
    if (this.intervals.length > 0) store.appendIntervals(run, this.intervals.splice(0))
    if (this.operations.length > 0) store.appendOperations(run, this.operations.splice(0))
  }

  /** Writes the rest; nothing is recorded after. */
  close(): void {
    clearInterval(this.timer)
    this.flush()
  }

  private tryFlush(): void {
    try {
      this.flush()
    } catch (error) {
      clearInterval(this.timer)
      this.onError(error)
    }
  }
}
