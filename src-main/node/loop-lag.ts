/**
 * How long the event loop kept a timer waiting. An own timer, since Node's monitorEventLoopDelay forgets on reset()
 * the interval it is in, and with it a stall that ends just when a sample is taken.
 */
const BEAT_MS = 20

export class LoopLag {
  private maxMs = 0
  private lastMs = performance.now()
  private timer: NodeJS.Timeout | null = null

  start(): void {
    this.lastMs = performance.now()
    this.timer = setInterval(() => this.beat(), BEAT_MS)
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer)
  }

  /** @returns the longest delay since the last call, one under way included */
  takeMsMax(): number {
    this.beat()
    const maxMs = this.maxMs
    this.maxMs = 0
    return maxMs
  }

  private beat(): void {
    const nowMs = performance.now()
    this.maxMs = Math.max(this.maxMs, nowMs - this.lastMs - BEAT_MS)
    this.lastMs = nowMs
  }
}
