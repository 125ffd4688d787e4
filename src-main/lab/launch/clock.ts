/** One monotonic clock a run: nanoseconds since its origin, with one wall-clock anchor. */

export class RunClock {
  private readonly origin: bigint
  /** wall clock at the origin, ms since the epoch */
  readonly startedWallMs: number

  constructor() {
    this.origin = process.hrtime.bigint()
    this.startedWallMs = Date.now()
  }

  /** the origin on CLOCK_MONOTONIC, for child processes: they share the clock */
  get originNs(): string {
    return this.origin.toString()
  }

  nowNs(): number {
    return Number(process.hrtime.bigint() - this.origin)
  }

  /** how far wall and monotonic clock have drifted apart since the origin: a suspended host shows here */
  skewMs(): number {
    return Date.now() - this.startedWallMs - this.nowNs() / 1e6
  }
}
