/**
 * When requests should start. The timer thread and the sender each walk these moments on their own and never exchange
 * them, so they must follow from the seed alone.
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

/** @returns ascending moments, integer ns since load start, 0 ≤ moment < duration */
export function* arrivalsNs({ seed, name, ratePerS, arrivals, durationMs }: ArrivalSettings): Generator<number, undefined> {
  const random = seededRandom(seed, `arrivals/${name}`)
  const gapNs = 1e9 / ratePerS
  const endNs = durationMs * 1e6
  // the i-th of constant arrivals is a product: a sum would drift
  for (let i = 0, sumNs = 0; ; i++) {
    sumNs -= Math.log(1 - random()) * gapNs // exponential gaps, by inversion, make a Poisson process
    const atNs = Math.round(arrivals === 'constant' ? i * gapNs : sumNs)
    if (!(atNs < endNs)) return undefined
    yield atNs
  }
}
