/** Added latency is seen in the round trips that the nodes measure on their own links. */
import { observableLinks, observer, type Observation, rttOf, samplesOf } from './fault'

interface Values {
  latency: number
  path: 'peer' | 'client'
}

/** A smoothed round trip has moved when it covers this part of what was asked. */
const MOVED = 0.6
/** Round trips before the fault that count as what was there without it. */
const BEFORE_NS = 3e9

export const latency = observer<Values>({
  withinMs: 5_000,
  isThere(observation) {
    return compare(observation, (rtt, before, askedMs) => rtt >= before + MOVED * askedMs)
  },
  isGone(observation) {
    return compare(observation, (rtt, before, askedMs) => rtt <= before + (1 - MOVED) * askedMs)
  },
})

function compare(observation: Observation<Values>, holds: (rtt: number, before: number, askedMs: number) => boolean): string | null {
  const { cluster, values, drawn, requestedNs } = observation
  if (values.path === 'client') return `toxics on ${drawn.clients.join(', ')} read back` // no node measures a client's path
  const links = observableLinks(observation)
  if (links.length === 0) return null
  let before = 0
  let now = 0
  for (const { from, to } of links) {
    const rtt = rttOf(cluster, from, to)
    const was = samplesOf(cluster, from, requestedNs - BEFORE_NS, requestedNs).at(-1)?.links.find((link) => link.peer === to)?.rttMs ?? 0
    // a round trip crosses both directions: it carries the delay twice where both links have it
    const bothWays = drawn.links.some((link) => link.from === to && link.to === from)
    if (rtt === null || !holds(rtt, was, values.latency * (bothWays ? 2 : 1))) return null
    before += was / links.length
    now += rtt / links.length
  }
  return `mean round trip on ${links.length} links ${before.toFixed(1)} → ${now.toFixed(1)} ms`
}
