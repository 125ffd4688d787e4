/**
 * When requests should start. They are drawn as amounts of work at a rate of one, and put on the time axis by the rate
 * in force: a change of the rate moves only what comes after it, and equal seeds and moments give equal arrivals.
 */
import { seededRandom } from '@shared/stats/random'

export interface ArrivalSettings {
  seed: number
  /** client group: each has its own stream of chance */
  name: string
  ratePerS: number
  arrivals: 'poisson' | 'constant'
  /** moments from here on are left out */
  durationMs: number
}

/** A rate that goes in a straight line from one to another and stays there. */
export interface RateCurve {
  startNs: number
  fromPerS: number
  toPerS: number
  /** 0 = at once */
  overNs: number
}

export class Arrivals {
  private readonly random: () => number
  private curve: RateCurve
  /** the curve in force since this moment, and the requests that were due by then (with a fraction) */
  private sinceNs = 0
  private dueBySince = 0
  /** of the next arrival, in requests since load start */
  private at = 0

  constructor(private readonly settings: ArrivalSettings) {
    const { seed, name, ratePerS } = settings
    this.random = seededRandom(seed, `arrivals/${name}`)
    this.curve = { startNs: 0, fromPerS: ratePerS, toPerS: ratePerS, overNs: 0 }
    if (settings.arrivals === 'poisson') this.advance()
  }

  /** @returns integer ns since load start, never less than the one before; null = none before the end */
  next(): number | null {
    const { startNs } = this.curve
    const offset = requestsIn(this.curve, this.sinceNs - startNs)
    const atNs = Math.max(this.sinceNs, Math.round(startNs + timeFor(this.curve, Math.max(0, offset + this.at - this.dueBySince))))
    return atNs < this.settings.durationMs * 1e6 ? atNs : null
  }

  advance(): void {
    // exponential gaps, by inversion, make a Poisson process; whole numbers do not drift
    this.at += this.settings.arrivals === 'constant' ? 1 : -Math.log(1 - this.random())
  }

  /** @param nowNs what was due by then must have been taken */
  follow(curve: RateCurve, nowNs: number): void {
    const nextNs = this.next()
    if (nextNs !== null && nextNs < nowNs) throw new Error(`the rate changes at ${nowNs} ns, and a request due at ${nextNs} ns was not taken`)
    this.dueBySince += requestsIn(this.curve, nowNs - this.curve.startNs) - requestsIn(this.curve, this.sinceNs - this.curve.startNs)
    this.sinceNs = nowNs
    this.curve = curve
  }
}

/** The integral of the rate over the curve's first ns. */
function requestsIn({ fromPerS, toPerS, overNs }: RateCurve, ns: number): number {
  const bentNs = Math.min(ns, overNs)
  const bent = bentNs > 0 ? fromPerS * bentNs + ((toPerS - fromPerS) * bentNs ** 2) / (2 * overNs) : 0
  return (bent + toPerS * (ns - bentNs)) / 1e9
}

/** Its inverse: how many ns of the curve have so many requests. */
function timeFor(curve: RateCurve, requests: number): number {
  const { fromPerS, toPerS, overNs } = curve
  const inBend = requestsIn(curve, overNs)
  if (requests >= inBend) return overNs + ((requests - inBend) / toPerS) * 1e9
  const slope = ((toPerS - fromPerS) / overNs) * 1e9
  return ((2 * requests) / (fromPerS + Math.sqrt(Math.max(0, fromPerS ** 2 + 2 * slope * requests)))) * 1e9
}
