/** Resources are seen in what the burner got, how late the nodes' loops come, and how much memory their processes hold. */
import { observer, type Observation, samplesOf, type Seen } from './fault'
import { sizeOf } from './size'

/** What is seen of it has to cover this part of what was asked. */
const MOVED = 0.5
const MIB = 1024 * 1024

export const cpu = observer<{ share: number; cores: number }>({
  withinMs: 5_000,
  isThere({ cluster, drawn, acknowledgedNs }) {
    const got = cluster.burners.readings(drawn.nodes).map((readings) => readings.at(-1) ?? 0)
    if (got.length < drawn.nodes.length || got.some((cores) => cores <= 0)) return null
    const lagMs = drawn.nodes.flatMap((id) => samplesOf(cluster, id, acknowledgedNs).map(({ loopLagMsMax }) => loopLagMsMax))
    const loops = lagMs.length > 0 ? `; loops up to ${Math.max(...lagMs).toFixed(0)} ms late` : ''
    return `burners got ${got.map((cores) => `${(cores * 100).toFixed(0)} %`).join(', ')} of a core${loops}`
  },
  isGone({ cluster, drawn }) {
    return cluster.burners.readings(drawn.nodes).length === 0 ? `nothing burns beside ${drawn.nodes.join(', ')}` : null
  },
  size({ cluster, drawn, values: { share, cores } }) {
    const readings = cluster.burners.readings(drawn.nodes).flat()
    return sizeOf('processor time of the burner, of a core', share * cores * 100, readings.map((got) => got * 100), '%')
  },
})

export const loopStall = observer<{ stall: number; period: number }>({
  withinMs: 65_000, // the longest period, and then the first
  isThere(observation) {
    const { drawn, values } = observation
    const seen = drawn.nodes.map((id) => Math.max(...stallsOf(observation, id), 0))
    return seen.every((ms) => ms >= MOVED * values.stall) ? lateBy(observation, seen) : null
  },
  isGone(observation) {
    const { cluster, drawn, values, acknowledgedNs } = observation
    // the first sample may still tell of what was before
    const seen = drawn.nodes.map((id) => samplesOf(cluster, id, acknowledgedNs).slice(1).at(-1)?.loopLagMsMax ?? Infinity)
    return seen.every((ms) => ms < MOVED * values.stall) ? lateBy(observation, seen) : null
  },
  size(observation) {
    const readings = observation.drawn.nodes.flatMap((id) => stallsOf(observation, id))
    return sizeOf('lateness of a timer', observation.values.stall, readings, 'ms')
  },
})

/** Samples in which a stall was: their longest lateness. */
function stallsOf({ cluster, values, acknowledgedNs }: Observation<{ stall: number }>, id: string): number[] {
  return samplesOf(cluster, id, acknowledgedNs).flatMap(({ loopLagMsMax }) => (loopLagMsMax >= MOVED * values.stall ? [loopLagMsMax] : []))
}

function lateBy({ drawn }: Pick<Observation, 'drawn'>, ms: readonly number[]): Seen {
  return drawn.nodes.map((id, index) => `a timer of ${id} came up to ${ms[index]!.toFixed(0)} ms late`).join(', ')
}

export const memory = observer<{ size: number }>({
  withinMs: 30_000,
  isThere: (observation) => heldMore(observation, (bytes) => bytes >= 0.9 * observation.values.size),
  isGone: (observation) => heldMore(observation, (bytes) => bytes <= MOVED * observation.values.size),
  size(observation) {
    const { cluster, drawn, values, acknowledgedNs } = observation
    const readings = drawn.nodes.flatMap((id) => {
      const beforeBytes = rssBefore(observation, id)
      const held = samplesOf(cluster, id, acknowledgedNs).map(({ rssBytes }) => rssBytes - beforeBytes)
      return held.slice(Math.max(0, held.findIndex((bytes) => bytes >= 0.9 * values.size))) // it takes a while to touch it all
    })
    return sizeOf('resident memory more than before', values.size / MIB, readings.map((bytes) => bytes / MIB), 'MiB')
  },
})

function rssBefore({ cluster, requestedNs }: Pick<Observation, 'cluster' | 'requestedNs'>, id: string): number {
  return samplesOf(cluster, id, 0, requestedNs).at(-1)?.rssBytes ?? 0
}

function heldMore(observation: Observation<{ size: number }>, holds: (bytes: number) => boolean): Seen {
  const { cluster, drawn, acknowledgedNs } = observation
  const more = drawn.nodes.map((id) => {
    const sample = samplesOf(cluster, id, acknowledgedNs).at(-1)
    return sample ? sample.rssBytes - rssBefore(observation, id) : null
  })
  if (!more.every((bytes) => bytes !== null && holds(bytes))) return null
  return drawn.nodes.map((id, index) => `${id} holds ${(more[index]! / MIB).toFixed(0)} MiB more than before`).join(', ')
}
