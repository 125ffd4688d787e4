/** Disks are seen through the nodes' own fsync times, through what nodes say before they stop, and what they find at their start. */
import type { FaultValues } from '@shared/plan/plan'
import type { NodeSample } from '@shared/run/event'
import { observer, type Observation, samplesOf, type Seen } from './fault'
import { allServe, endsOf } from './process'
import { sizeOf } from './size'

/** A mean fsync has moved when it covers this part of what was asked. */
const MOVED = 0.6
/** Fsyncs before the fault that count as what was there without it. */
const BEFORE_NS = 5e9
/** No fsync of a disk that works takes so long. */
const HANGS_MS = 300

interface Slow {
  delay: number
  grow: number
}

export const fsyncSlow = observer<Slow>({
  withinMs: 5_000,
  isThere(observation) {
    return eachLast(observation, (addedMs, askedMs) => askedMs > 0 && addedMs >= MOVED * askedMs)
  },
  isGone(observation) {
    return eachLast(observation, (addedMs, askedMs) => addedMs <= (1 - MOVED) * askedMs)
  },
  size(observation) {
    const readings = observation.drawn.nodes.flatMap((node) => addedBy(node, observation))
    const asked = readings.reduce((sum, { askedMs }) => sum + askedMs, 0) / Math.max(1, readings.length)
    return sizeOf('fsync longer than before', asked, readings.map(({ addedMs }) => addedMs), 'ms')
  },
})

/** One reading a sample in which an fsync came back, since the acknowledgement. */
function addedBy(node: string, { cluster, values, requestedNs, acknowledgedNs }: Observation<Slow>): { addedMs: number; askedMs: number }[] {
  const before = fsyncMeans(samplesOf(cluster, node, requestedNs - BEFORE_NS, requestedNs))
  const usualMs = before.reduce((sum, { meanMs }) => sum + meanMs, 0) / Math.max(1, before.length)
  return fsyncMeans(samplesOf(cluster, node, acknowledgedNs)).map(({ meanMs, sample }) => {
    const ageS = Math.max(0, (sample.atNs - requestedNs) / 1e9 - meanMs / 1_000)
    return { addedMs: meanMs - usualMs, askedMs: values.delay + values.grow * ageS }
  })
}

function fsyncMeans(samples: readonly NodeSample[]): { meanMs: number; sample: NodeSample }[] {
  return samples.slice(1).flatMap((sample, index) => {
    const last = samples[index]!
    const count = sample.boot === last.boot ? sample.fsyncs - last.fsyncs : 0
    return count > 0 ? [{ meanMs: (sample.fsyncMsSum - last.fsyncMsSum) / count, sample }] : []
  })
}

function eachLast(observation: Observation<Slow>, holds: (addedMs: number, askedMs: number) => boolean): Seen {
  const newest = observation.drawn.nodes.map((node) => addedBy(node, observation).at(-1))
  if (!newest.every((reading) => reading !== undefined && holds(reading.addedMs, reading.askedMs))) return null
  return observation.drawn.nodes.map((node, index) => `${node}'s fsyncs take ${newest[index]!.addedMs.toFixed(1)} ms more than before`).join(', ')
}

/** A node that stopped itself with these words in its farewell. */
const stopsWith = (words: RegExp) =>
  observer<FaultValues>({
    withinMs: 10_000,
    isThere(observation) {
      const said = observation.drawn.nodes.map((id) => lastWordsOf(observation, id))
      return said.every((text) => text !== null && words.test(text)) ? said.join('; ') : null
    },
    isGone: allServe,
  })

function lastWordsOf({ cluster, requestedNs }: Observation, id: string): string | null {
  return cluster.node(id).lives.endsSince(requestedNs).findLast(({ lastWords }) => lastWords !== null)?.lastWords ?? null
}

export const diskFull = stopsWith(/ENOSPC/)
export const diskError = stopsWith(/EIO/)
export const bitFlip = stopsWith(/at offset \d+/)

export const diskHang = observer({
  withinMs: 5_000,
  isThere({ cluster, drawn, requestedNs }) {
    const pendingMs = drawn.nodes.map((id) => cluster.node(id).sample).map((sample) => (sample && sample.atNs > requestedNs ? sample.fsyncPendingMs : 0))
    return pendingMs.every((ms) => ms >= HANGS_MS) ? `a write of ${drawn.nodes.join(', ')} is not back after ${Math.min(...pendingMs).toFixed(0)} ms` : null
  },
  isGone({ cluster, drawn, acknowledgedNs }) {
    const isBack = drawn.nodes.every((id) => {
      const { sample } = cluster.node(id)
      return sample !== null && sample.atNs > acknowledgedNs && sample.fsyncPendingMs < HANGS_MS
    })
    return isBack ? `no write of ${drawn.nodes.join(', ')} hangs` : null
  },
})

export const tornWrite = observer({
  withinMs: 5_000,
  isThere(observation) {
    const { cluster, drawn, requestedNs } = observation
    const ended = drawn.nodes.every((id) => cluster.node(id).lives.endsSince(requestedNs).length > 0)
    return ended ? `${drawn.nodes.join(', ')} killed in the middle of a write` : null
  },
  isGone(observation) {
    const serve = allServe(observation)
    const cut = endsOf(observation).map(({ next }) => next?.tornBytes ?? 0)
    return serve && `${serve}; torn bytes cut from the logs: ${cut.join(', ')}`
  },
})
