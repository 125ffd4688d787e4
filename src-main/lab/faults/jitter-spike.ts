/** Spikes are seen by probes that are sent all the time: some of them take long, the others don't. */
import { medianOf } from '@shared/stats/median'
import { healthProbe } from '../probes/health'
import { reachProbe } from '../probes/link'
import { type OnPath, probed, valuesOf, waysOf } from './probed'
import { medianSizeOf } from './size'

interface Values extends OnPath {
  base: number
  spike: number
  period: number
  width: number
}

const EVERY_MS = 50
const MARGIN_MS = 1_000

/** ms between what is slow and what is not */
const middle = (values: Values): number => (waysOf(values) * (values.base + values.spike)) / 2

export const jitterSpike = probed<Values>({
  withinMs: ({ period, spike }) => 3 * period + 4 * spike + MARGIN_MS,
  onLink: (link, { spike }) => reachProbe(link, EVERY_MS, spike + MARGIN_MS),
  onClientPath: (target, port, { spike }) => healthProbe(target, port, EVERY_MS, 2 * spike + MARGIN_MS),
  shows: ({ value }, values) => (value === null ? null : value >= middle(values)),
  says: ({ value }) => `${value?.toFixed(1)} ms`,
  /** a whole period without a spike */
  isOver({ cluster, values, acknowledgedNs, readings }) {
    const fromNs = cluster.clock.nowNs() - values.period * 1e6
    return fromNs >= acknowledgedNs && valuesOf(readings(fromNs)).every((value) => value < middle(values))
  },
  // what is under way when a spike ends arrives early: few of many, and the median is not moved by them
  size(readings, values) {
    const all = valuesOf(readings)
    const calm = medianOf(all.filter((value) => value < middle(values)))
    const high = all.filter((value) => value >= middle(values))
    if (calm === null) return null
    const above = high.map((value) => (value - calm.median) / waysOf(values))
    return medianSizeOf('delay of a spike above base', values.spike - values.base, above, 'ms')
  },
})
