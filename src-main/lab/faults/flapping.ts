/** A flapping link is seen by its silences: something is sent on it all the time, and arrives, then doesn't, then does. */
import type { FaultSize } from '@shared/run/event'
import { MEASURED_MS_MIN } from '@shared/plan/faults/flapping'
import { beatOnPathProbe } from '../probes/client-path'
import { clientTarget } from '../probes/control'
import { beatProbe } from '../probes/link'
import type { Reading } from '../probes/prober'
import { Silences } from '../probes/silences'
import { observer, type Observation } from './fault'
import { linksProbed, targetsOf, TARGETS_MAX } from './probed'
import { medianSizeOf } from './size'

interface Values {
  period: number
  duty: number
}

/** A cut is so many beats long, within these bounds. */
const BEATS = 20
const [BEAT_MS_MIN, BEAT_MS_MAX] = [10, 25]
/** A silence is a cut when it is this part of one: shorter ones are the machine's. */
const CUT_SHARE_MIN = 0.5
/** One silence may be an accident of the machine. */
const CUTS_MIN = 2
/** What carries says so at least so often. */
const CARRIES_NS = 1e9

const cutMs = ({ period, duty }: Values): number => period * duty

function silences(values: Values): Silences {
  const beatMs = Math.min(BEAT_MS_MAX, Math.max(BEAT_MS_MIN, cutMs(values) / BEATS))
  return new Silences(beatMs, Math.max(CUT_SHARE_MIN * cutMs(values), 2.5 * beatMs))
}

export const flapping = observer<Values>({
  withinMs: ({ period }) => 4 * period + 2_000,
  probes: ({ cluster, drawn, values }) => [
    ...linksProbed({ cluster, drawn }).map(({ from, to }) => beatProbe(cluster.linkEnd(from, to), silences(values))),
    ...drawn.clients
      .slice(0, TARGETS_MAX)
      .map((node) => beatOnPathProbe(clientTarget(node), cluster.node(node).client, () => cluster.clock.nowNs() / 1e6, silences(values))),
  ],
  isThere(observation) {
    const says = targetsOf(observation).map((target) => {
      const cuts = cutsOf(observation, target)
      return cuts.length < CUTS_MIN ? null : `${target}: silent for ${cuts.map(({ value }) => `${value!.toFixed(0)} ms`).join(', ')}`
    })
    return says.length > 0 && says.every((text) => text !== null) ? says.join('; ') : null
  },
  /** whole for a period */
  isGone(observation) {
    const { cluster, values, acknowledgedNs, readings } = observation
    const [nowNs, periodNs] = [cluster.clock.nowNs(), values.period * 1e6]
    if (nowNs < acknowledgedNs + periodNs) return null
    const isWhole = (target: string): boolean => {
      const own = readings(acknowledgedNs).filter((reading) => reading.target === target && reading.value !== null)
      const last = own.at(-1)
      return last !== undefined && last.atNs >= nowNs - CARRIES_NS && own.every(({ atNs, value }) => value === 0 || atNs < nowNs - periodNs)
    }
    const targets = targetsOf(observation)
    return targets.every(isWhole) ? `${targets.join(', ')}: carries for a whole period` : null
  },
  size: dutySize,
})

const cutsOf = ({ readings, acknowledgedNs }: Observation<Values>, target: string): Reading[] =>
  readings(acknowledgedNs).filter((reading) => reading.target === target && (reading.value ?? 0) > 0)

/** Each cut's share of the time until the next one; what is too short to be told from the machine's own silences has no size. */
function dutySize(observation: Observation<Values>): FaultSize | null {
  const { values } = observation
  if (Math.min(cutMs(values), values.period - cutMs(values)) < MEASURED_MS_MIN) return null
  const shares = targetsOf(observation).flatMap((target) => {
    const cuts = cutsOf(observation, target)
    return cuts.slice(1).map((next, at) => (cuts[at]!.value! * 1e6 * 100) / (next.atNs - cuts[at]!.atNs))
  })
  return medianSizeOf('share of a period that is cut', values.duty * 100, shares, '%')
}
