/** Clocks are seen in what nodes believe of time, beside the one clock of the run that dates what they say. */
import type { NodeSample } from '@shared/run/event'
import { observer, type Observation, samplesOf, type Seen } from './fault'
import { sizeOf } from './size'

/** An offset has moved when it covers this part of what was asked. */
const MOVED = 0.9
/** From one reading of a rate to the next. */
const RATE_OVER_SAMPLES = 2

export const clockStep = observer<{ step: number }>({
  withinMs: 2_000,
  isThere: (observation) => steppedBy(observation, (offMs) => offMs / observation.values.step >= MOVED),
  isGone: (observation) => steppedBy(observation, (offMs) => Math.abs(offMs / observation.values.step) <= 1 - MOVED),
  size(observation) {
    const { cluster, drawn, values, acknowledgedNs } = observation
    const readings = drawn.nodes.flatMap((id) => samplesOf(cluster, id, acknowledgedNs).map((sample) => offMsOf(observation, sample)))
    return sizeOf('wall clock beside the true one', values.step, readings, 'ms')
  },
})

export const clockDrift = observer<{ ppm: number }>({
  withinMs: 2_000,
  isThere: (observation) => ratesAre(observation, ppmOf, (ppm) => ppm / observation.values.ppm >= MOVED, 'ppm'),
  isGone: (observation) => ratesAre(observation, ppmOf, (ppm) => Math.abs(ppm / observation.values.ppm) <= 1 - MOVED, 'ppm'),
  size: (observation) => sizeOf('drift', observation.values.ppm, ratesOf(observation, ppmOf), 'ppm'),
})

export const timerRate = observer<{ rate: number }>({
  withinMs: 2_000,
  isThere: (observation) => ratesAre(observation, timersOf, (rate) => (rate - 1) / (observation.values.rate - 1) >= MOVED, 'of the usual rate'),
  isGone: (observation) => ratesAre(observation, timersOf, (rate) => Math.abs((rate - 1) / (observation.values.rate - 1)) <= 1 - MOVED, 'of the usual rate'),
  size: (observation) => sizeOf('rate of the timers', observation.values.rate, ratesOf(observation, timersOf), 'of the usual rate'),
})

function offMsOf({ cluster }: Pick<Observation, 'cluster'>, { wallMs, atNs }: NodeSample): number {
  return wallMs - cluster.clock.startedWallMs - atNs / 1e6
}

function steppedBy(observation: Observation<{ step: number }>, holds: (offMs: number) => boolean): Seen {
  const { cluster, drawn, acknowledgedNs } = observation
  const newest = drawn.nodes.map((id) => cluster.node(id).sample)
  const off = newest.map((sample) => (sample && sample.atNs > acknowledgedNs ? offMsOf(observation, sample) : null))
  if (!off.every((ms) => ms !== null && holds(ms))) return null
  return drawn.nodes.map((id, index) => `${id}'s wall clock is off by ${off[index]!.toFixed(1)} ms`).join(', ')
}

type Rate = (from: NodeSample, to: NodeSample) => number

const ppmOf: Rate = (from, to) => ((to.monotonicNs - from.monotonicNs) / (to.atNs - from.atNs) - 1) * 1e6
/** The timers run by the drifting clock, too: only what is beyond it is theirs. */
const timersOf: Rate = (from, to) => (to.timersNs - from.timersNs) / (to.monotonicNs - from.monotonicNs)

function ratesOf({ cluster, drawn, acknowledgedNs }: Observation<unknown>, rate: Rate): number[] {
  return drawn.nodes.flatMap((id) => ratesIn(samplesOf(cluster, id, acknowledgedNs), rate))
}

function ratesIn(samples: readonly NodeSample[], rate: Rate): number[] {
  return samples.slice(RATE_OVER_SAMPLES).flatMap((sample, index) => {
    const from = samples[index]!
    return from.boot === sample.boot ? [rate(from, sample)] : []
  })
}

function ratesAre({ cluster, drawn, acknowledgedNs }: Observation<unknown>, rate: Rate, holds: (rate: number) => boolean, unit: string): Seen {
  const newest = drawn.nodes.map((id) => ratesIn(samplesOf(cluster, id, acknowledgedNs), rate).at(-1))
  if (!newest.every((one) => one !== undefined && holds(one))) return null
  return drawn.nodes.map((id, index) => `${id}: ${Number(newest[index]!.toPrecision(6))} ${unit}`).join(', ')
}
