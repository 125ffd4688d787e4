/** A flapping link is seen by probes that are sent all the time: they get through, then don't, then do. */
import type { FaultSize } from '@shared/run/event'
import { meanOf } from '@shared/stats/mean'
import { healthProbe } from '../probes/health'
import { reachProbe } from '../probes/link'
import type { Reading } from '../probes/prober'
import { type OnPath, probed } from './probed'

interface Values extends OnPath {
  period: number
  duty: number
}

/** a period is looked at so many times, within these bounds */
const LOOKS = 40
const [EVERY_MS_MIN, EVERY_MS_MAX] = [25, 100]
/** What takes longer was held back; a look that is held back takes at most so much of a period. */
const HELD_MS = 50
const LOOK_SHARE_MAX = 0.2
const LOOK_MS_MAX = 250

const lookMs = ({ period }: Values): number => Math.max(HELD_MS, Math.min(LOOK_MS_MAX, LOOK_SHARE_MAX * period))
const everyMs = ({ period }: Values): number => Math.min(EVERY_MS_MAX, Math.max(EVERY_MS_MIN, period / LOOKS))

export const flapping = probed<Values>({
  withinMs: ({ period }) => 3 * period + 2_000,
  onLink: (link, values) => reachProbe(link, everyMs(values), lookMs(values)),
  onClientPath: (target, port, values) => healthProbe(target, port, everyMs(values), lookMs(values)),
  shows: ({ value }) => value === null,
  says: ({ failure }) => failure ?? 'carries',
  /** whole for as long as it never was */
  isOver({ cluster, values, acknowledgedNs, readings }) {
    const fromNs = cluster.clock.nowNs() - values.period * 1e6
    return fromNs >= acknowledgedNs && readings(fromNs).every(({ value }) => value !== null)
  },
  size: (readings, { period, duty }) => dutySize(readings, period, duty),
})

/** Time that a target was cut, from each look until the next; a target's whole periods are the readings of the mean. */
function dutySize(readings: readonly Reading[], periodMs: number, duty: number): FaultSize | null {
  const shares: number[] = []
  let cuts = 0
  for (const target of new Set(readings.map((reading) => reading.target))) {
    const own = readings.filter((reading) => reading.target === target)
    const beganNs = own[0]!.atNs
    const periods = Math.floor((own.at(-1)!.atNs - beganNs) / (periodMs * 1e6))
    const cutNs = Array.from({ length: periods }, () => 0)
    own.slice(0, -1).forEach((reading, at) => {
      const period = Math.floor((reading.atNs - beganNs) / (periodMs * 1e6))
      const heldNs = heldOf(reading, own[at + 1]!)
      if (heldNs === 0 || period >= periods) return
      if (at === 0 || heldOf(own[at - 1]!, reading) === 0) cuts++
      cutNs[period]! += heldNs
    })
    shares.push(...cutNs.map((ns) => (ns / (periodMs * 1e6)) * 100))
  }
  const mean = meanOf(shares)
  return mean && { what: `time cut, in ${cuts} cuts`, asked: duty * 100, seen: mean.mean, spread: mean.halfWidth, n: mean.n, unit: '%' }
}

/** How long this look was held back: until it got through, or until the next one where it never did. */
function heldOf({ value, atNs }: Reading, next: Reading): number {
  if (value === null) return next.atNs - atNs
  return value > HELD_MS ? value * 1e6 : 0
}
