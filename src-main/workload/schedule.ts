/** What is asked, and when: the i-th request of a seed is always the same, however fast or slow the run. */
import type { LoadSettings } from '@shared/plan/plan'
import type { LoadChange } from '@shared/run/load-change'
import type { OperationKind } from '@shared/run/operation'
import { drawIndex, seededRandom } from '@shared/stats/random'
import { Arrivals, type RateCurve } from './arrivals'
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

/** A client group's requests, made as they are asked for. What changes on the way is in force from the next one on. */
export class RequestSchedule {
  readonly firstKey: string
  private readonly arrivals: Arrivals
  private readonly nextKey: () => number
  private readonly nextHot: () => number
  private readonly nextOp: () => OperationKind
  private readonly changes = new Map<string, { change: LoadChange; sinceNs: number }>()
  private sequence = 0

  constructor(
    seed: number,
    private readonly load: LoadSettings,
    durationMs: number,
  ) {
    const { name, ratePerS, arrivals } = load
    this.firstKey = keyOf(load, 0)
    this.arrivals = new Arrivals({ seed, name, ratePerS, arrivals, durationMs })
    // a stream each: changing the mix moves no arrival and no key
    this.nextKey = seededRandom(seed, `keys/${name}`)
    this.nextHot = seededRandom(seed, `hot/${name}`)
    this.nextOp = opDrawer(load.mix, seededRandom(seed, `mix/${name}`))
  }

  /** When the next request is due, ns since load start; null = no more. */
  nextNs(): number | null {
    return this.arrivals.next()
  }

  take(intendedNs: number): ScheduledRequest {
    const { name, keys, valueSizeBytes } = this.load
    const op = this.nextOp()
    const drawn = drawIndex(this.nextKey, keys)
    const hot = this.newest('hot-key')
    const isHot = hot !== null && this.nextHot() < beyondChance(hot.share, keys)
    const key = isHot ? this.firstKey : keyOf(this.load, drawn)
    const sequence = this.sequence++
    const sizeBytes = this.newest('value-size')?.sizeBytes ?? valueSizeBytes
    const value = op === 'get' || op === 'delete' ? null : makeValue(key, name, sequence, sizeBytes)
    this.arrivals.advance()
    return { sequence, intendedNs, op, key, value }
  }

  /** @param change null = it ends. Of several of a kind the newest is in force */
  change(id: string, change: LoadChange | null, nowNs: number): void {
    this.changes.delete(id)
    if (change) this.changes.set(id, { change, sinceNs: nowNs })
    this.arrivals.follow(this.curve(), nowNs)
  }

  /** What is in force of a kind. */
  newest<K extends LoadChange['kind']>(kind: K): Extract<LoadChange, { kind: K }> | null {
    const found = [...this.changes.values()].findLast(({ change }) => change.kind === kind)
    return found ? (found.change as Extract<LoadChange, { kind: K }>) : null
  }

  private curve(): RateCurve {
    const { ratePerS } = this.load
    const { change, sinceNs } = [...this.changes.values()].findLast(({ change: { kind } }) => kind === 'rate' || kind === 'ramp') ?? {}
    if (change?.kind === 'rate') return { startNs: sinceNs!, fromPerS: change.ratePerS, toPerS: change.ratePerS, overNs: 0 }
    if (change?.kind === 'ramp') return { startNs: sinceNs!, fromPerS: ratePerS, toPerS: change.toPerS, overNs: change.overMs * 1e6 }
    return { startNs: 0, fromPerS: ratePerS, toPerS: ratePerS, overNs: 0 }
  }
}

const keyOf = ({ keyPrefix }: Pick<LoadSettings, 'keyPrefix'>, index: number): string => `${keyPrefix}k${index}`

/** The other requests hit the key by chance, too: so many have to be led there for the share to be what was asked. */
const beyondChance = (share: number, keys: number): number => (share - 1 / keys) / (1 - 1 / keys)

/** @returns the requests of a load that nothing changes, by ascending `intendedNs` */
export function* scheduledRequests(seed: number, load: LoadSettings, durationMs: number): Generator<ScheduledRequest, undefined> {
  const schedule = new RequestSchedule(seed, load, durationMs)
  for (let atNs = schedule.nextNs(); atNs !== null; atNs = schedule.nextNs()) yield schedule.take(atNs)
  return undefined
}

/** Rates may be changed on the way: more than this times the plan's requests is no value prepared for. */
const MORE_REQUESTS = 1_000

/** @returns the least `valueSizeBytes` of a load */
export function shortestValueBytesOf(load: LoadSettings, durationMs: number): number {
  return load.keyPrefix.length + shortestValueBytes(load.keys, load.name, Math.ceil((MORE_REQUESTS * load.ratePerS * durationMs) / 1000) + 100)
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
