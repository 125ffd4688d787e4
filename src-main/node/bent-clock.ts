/**
 * A clock that runs at another rate than the true one for a while. At each change of the rate it goes on from where it
 * is, so it never jumps and never runs back; what it said can be told in true time again.
 */
import type { Clock } from './clock'

interface Stretch {
  /** where it begins, on both clocks */
  trueNs: number
  ownNs: number
  rate: number
}

export class BentClock implements Clock {
  /** oldest first: one a change of the rate */
  private readonly stretches: Stretch[] = [{ trueNs: 0, ownNs: 0, rate: 1 }]

  constructor(private readonly truth: Clock) {}

  /** @param rate its seconds in a true one; above 0 */
  runAt(rate: number): void {
    if (rate === this.rate) return
    const trueNs = this.truth.nowNs()
    this.stretches.push({ trueNs, ownNs: this.at(trueNs), rate })
  }

  get rate(): number {
    return this.stretches.at(-1)!.rate
  }

  nowNs = (): number => this.at(this.truth.nowNs())

  nowMs = (): number => this.nowNs() / 1e6

  realMs = (ms: number): number => ms / this.rate

  /** What it says at a true moment from its last change on. */
  at(trueNs: number): number {
    const { trueNs: fromNs, ownNs, rate } = this.stretches.at(-1)!
    return Math.round(ownNs + (trueNs - fromNs) * rate)
  }

  /** The true moment, ns, at which it said `ownMs`. */
  trueNs(ownMs: number): number {
    const saidNs = ownMs * 1e6
    const { trueNs, ownNs, rate } = this.stretches.findLast((stretch) => stretch.ownNs <= saidNs) ?? this.stretches[0]!
    return Math.round(trueNs + (saidNs - ownNs) / rate)
  }
}
