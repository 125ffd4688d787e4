/** What is asked, and when: the i-th request of a seed is always the same, however fast or slow the run. */
import type { LoadSettings } from '@shared/plan/plan'
import type { OperationKind } from '@shared/run/operation'
import { drawIndex, seededRandom } from '@shared/stats/random'
import { arrivalsNs } from './arrivals'
import { makeValue, shortestValueBytes } from './value'

/** A cas's `expect` is not part of it: that is what the run has seen by then. */
export interface ScheduledRequest {
  /** counts from 0 */
  sequence: number
  intendedNs: number
  op: OperationKind
  key: string
  /** put, cas, append */
  value: string | null
}

/** @returns the requests by ascending `intendedNs`, made as they are asked for */
export function* scheduledRequests(seed: number, load: LoadSettings, durationMs: number): Generator<ScheduledRequest, undefined> {
  const { name, ratePerS, arrivals, keys, valueSizeBytes } = load
  // a stream each: changing the mix moves no arrival and no key
  const nextKey = seededRandom(seed, `keys/${name}`)
  const nextOp = opDrawer(load.mix, seededRandom(seed, `mix/${name}`))
  let sequence = 0
  for (const intendedNs of arrivalsNs({ seed, name, ratePerS, arrivals, durationMs })) {
    const op = nextOp()
    const key = `k${drawIndex(nextKey, keys)}`
    const value = op === 'get' || op === 'delete' ? null : makeValue(key, name, sequence, valueSizeBytes)
    yield { sequence, intendedNs, op, key, value }
    sequence++
  }
  return undefined
}

/** @returns the least `valueSizeBytes` of a load; twice the expected number of requests leaves room for any Poisson draw */
export function shortestValueBytesOf(load: LoadSettings, durationMs: number): number {
  return shortestValueBytes(load.keys, load.name, Math.ceil((2 * load.ratePerS * durationMs) / 1000) + 100)
}

function opDrawer(mix: LoadSettings['mix'], random: () => number): () => OperationKind {
  const weights: [OperationKind, number][] = [
    ['put', mix.put],
    ['get', mix.get],
    ['delete', mix.delete],
    ['cas', mix.cas],
    ['append', mix.append],
  ]
  const possible = weights.filter(([, weight]) => weight > 0)
  const total = possible.reduce((sum, [, weight]) => sum + weight, 0)
  return () => {
    let left = random() * total
    for (const [op, weight] of possible) {
      if (left < weight) return op
      left -= weight
    }
    return possible[possible.length - 1]![0] // rounding may leave a crumb
  }
}
