/** Added latency is seen in the round trips that the nodes measure on their own links, and on client paths in probes. */
import type { FaultSize } from '@shared/run/event'
import { medianOf } from '@shared/stats/median'
import { clientTarget, CONTROL } from '../probes/control'
import { HEALTH_DEADLINE_MS, healthProbe } from '../probes/health'
import { observableLinks, observer, type Observation, rttOf, samplesOf } from './fault'
import { type OnPath, valuesOf, waysOf } from './probed'
import { medianSizeOf, sizeOf } from './size'

interface Values extends OnPath {
  latency: number
  jitter: number
}

/** A round trip has moved when it covers this part of what was asked. */
const MOVED = 0.6
/** Round trips before the fault that count as what was there without it. */
const BEFORE_NS = 3e9
/** A client path is asked once a second, and a few such answers say little. */
const BEFORE_ON_PATH_NS = 10e9
const PROBE_EVERY_MS = 150
/** A sample says what was read since the one before. */
const SAMPLE_MS = 200

type Holds = (rttMs: number, beforeMs: number, askedMs: number) => boolean
const hasMoved: Holds = (rttMs, beforeMs, askedMs) => rttMs >= beforeMs + MOVED * askedMs
const isBack: Holds = (rttMs, beforeMs, askedMs) => rttMs <= beforeMs + (1 - MOVED) * askedMs

export const latency = observer<Values>({
  withinMs: ({ latency: latencyMs }) => 5_000 + 4 * latencyMs,
  probes: ({ cluster, drawn, values }) =>
    drawn.clients.map((node) => {
      const deadlineMs = HEALTH_DEADLINE_MS + waysOf(values) * (values.latency + values.jitter)
      return healthProbe(clientTarget(node), cluster.node(node).client, PROBE_EVERY_MS, deadlineMs)
    }),
  isThere: (observation) => (observation.values.path === 'client' ? onPaths(observation, hasMoved) : onLinks(observation, hasMoved)),
  isGone: (observation) => (observation.values.path === 'client' ? onPaths(observation, isBack) : onLinks(observation, isBack)),
  size: (observation) => (observation.values.path === 'client' ? sizeOnPaths(observation) : sizeOnLinks(observation)),
})

function onLinks(observation: Observation<Values>, holds: Holds): string | null {
  const { cluster, values, drawn, requestedNs } = observation
  const links = observableLinks(observation)
  if (links.length === 0) return null
  let before = 0
  let now = 0
  for (const { from, to } of links) {
    const rtt = rttOf(cluster, from, to)
    const was = samplesOf(cluster, from, requestedNs - BEFORE_NS, requestedNs).at(-1)?.links.find((link) => link.peer === to)?.rttMs ?? 0
    if (rtt === null || !holds(rtt, was, values.latency * waysOfLink(drawn.links, from, to))) return null
    before += was / links.length
    now += rtt / links.length
  }
  return `mean round trip on ${links.length} links ${before.toFixed(1)} → ${now.toFixed(1)} ms`
}

/** A round trip crosses both directions: it carries the delay twice where both links have it. */
function waysOfLink(links: readonly { from: string; to: string }[], from: string, to: string): number {
  return links.some((link) => link.from === to && link.to === from) ? 2 : 1
}

/** Each sample's median counts once: readings that follow one another closely say the same. */
function sizeOnLinks(observation: Observation<Values>): FaultSize | null {
  const { cluster, values, drawn, requestedNs, acknowledgedNs } = observation
  const settledNs = acknowledgedNs + (SAMPLE_MS + 2 * (values.latency + values.jitter)) * 1e6
  const added: number[] = []
  let n = 0
  for (const { from, to } of observableLinks(observation)) {
    const readings = (fromNs: number, toNs?: number) =>
      samplesOf(cluster, from, fromNs, toNs).flatMap((sample) => sample.links.find(({ peer }) => peer === to)?.readings ?? [])
    const before = medianOf(readings(requestedNs - BEFORE_NS, requestedNs).map(({ medianMs }) => medianMs))
    if (before === null) continue
    for (const reading of readings(settledNs)) {
      added.push((reading.medianMs - before.median) / waysOfLink(drawn.links, from, to))
      n += reading.n
    }
  }
  const size = delayOf(values, added)
  return size && { ...size, n }
}

/** Time of a probe over its client path, before and since. */
function beforeOnPath({ cluster, requestedNs }: Observation<Values>, target: string): number | null {
  const before = cluster.prober.readings(CONTROL, requestedNs - BEFORE_ON_PATH_NS, requestedNs).filter((reading) => reading.target === target)
  return medianOf(valuesOf(before))?.median ?? null
}

function onPaths(observation: Observation<Values>, holds: Holds): string | null {
  const { drawn, values, acknowledgedNs, readings } = observation
  const says = drawn.clients.map((node) => {
    const target = clientTarget(node)
    const before = beforeOnPath(observation, target) ?? 0
    const last = valuesOf(readings(acknowledgedNs).filter((reading) => reading.target === target)).slice(-2)
    const holdsNow = last.length === 2 && last.every((value) => holds(value, before, waysOf(values) * values.latency))
    return holdsNow ? `${target} ${before.toFixed(1)} → ${last[1]!.toFixed(1)} ms` : null
  })
  return says.length > 0 && says.every((text) => text !== null) ? says.join(', ') : null
}

function sizeOnPaths(observation: Observation<Values>): FaultSize | null {
  const { acknowledgedNs, values, readings } = observation
  const added = readings(acknowledgedNs).flatMap(({ target, value }) => {
    const before = beforeOnPath(observation, target)
    return value === null || before === null ? [] : [(value - before) / waysOf(values)]
  })
  return delayOf(values, added)
}

/** A median is moved least by a busy machine; of what varies by itself a mean is known from fewer readings. */
function delayOf({ latency: latencyMs, jitter }: Values, added: readonly number[]): FaultSize | null {
  return (jitter > 0 ? sizeOf : medianSizeOf)('delay one way', latencyMs, added, 'ms')
}
