/**
 * A cut is seen at the receiving end: nothing more arrives on the link although both processes run. On a client path
 * probes fail, while the control that goes around the proxy is answered.
 */
import type { FaultSize } from '@shared/run/event'
import { clientTarget, CONTROL } from '../probes/control'
import { healthProbe } from '../probes/health'
import type { Reading } from '../probes/prober'
import { observableLinks, observer, type Observation, samplesOf } from './fault'

interface Values {
  mode: string
  path: 'peer' | 'client'
}

/** Nodes exchange something on every link at least this often (heartbeats, probes); silence this long is a cut. */
const SILENT_NS = 300e6
const PROBE_EVERY_MS = 200
const PROBE_DEADLINE_MS = 400
const IN_A_ROW = 2

export const partition = observer<Values>({
  withinMs: 3_000,
  probes: ({ cluster, drawn }) =>
    drawn.clients.map((node) => healthProbe(clientTarget(node), cluster.node(node).client, PROBE_EVERY_MS, PROBE_DEADLINE_MS)),
  isThere(observation) {
    const { cluster, values, acknowledgedNs } = observation
    if (values.path === 'client') return onPaths(observation, ({ value }) => value === null)
    const links = observableLinks(observation)
    if (links.length === 0) return null
    const silent = links.every(({ from, to }) => {
      const { sample } = cluster.node(to)
      if (!sample || sample.atNs < acknowledgedNs + SILENT_NS) return false
      const last = sample.links.find((link) => link.peer === from)?.lastReceivedNs ?? 0
      return sample.atNs - last >= SILENT_NS
    })
    return silent ? `${links.length} links silent (${values.mode})` : null
  },
  isGone(observation) {
    const { cluster, values, drawn, acknowledgedNs } = observation
    if (values.path === 'client') return onPaths(observation, ({ value }) => value !== null)
    const links = observableLinks(observation)
    const heard = links.every(({ from, to }) => {
      const last = cluster.node(to).sample?.links.find((link) => link.peer === from)?.lastReceivedNs
      return last != null && last > acknowledgedNs
    })
    return heard ? `${drawn.links.length} links carry frames again` : null
  },
  size: (observation) => (observation.values.path === 'client' ? throughPaths(observation) : throughLinks(observation)),
})

function onPaths({ cluster, drawn, values, acknowledgedNs, readings }: Observation<Values>, holds: (reading: Reading) => boolean): string | null {
  const says = drawn.clients.map((node) => {
    const last = readings(acknowledgedNs).filter(({ target }) => target === clientTarget(node)).slice(-IN_A_ROW)
    if (last.length < IN_A_ROW || !last.every(holds)) return null
    const control = cluster.prober.readings(CONTROL).findLast(({ target }) => target === node)
    return `${clientTarget(node)}: ${last[1]!.failure ?? 'answers'} (${values.mode}; ${node} itself: ${control?.failure ?? 'answers'})`
  })
  return says.length > 0 && says.every((text) => text !== null) ? says.join(', ') : null
}

/** Frames that came through although the link is cut. */
function throughLinks(observation: Observation<Values>): FaultSize | null {
  let [through, n] = [0, 0]
  for (const { from, to } of observableLinks(observation)) {
    const samples = samplesOf(observation.cluster, to, observation.acknowledgedNs + SILENT_NS)
    const received = samples.flatMap(({ links }) => links.find(({ peer }) => peer === from)?.received ?? [])
    if (received.length === 0) continue
    through += Math.max(0, received.at(-1)! - received[0]!)
    n += received.length
  }
  return n === 0 ? null : { what: 'frames that came through', asked: 0, seen: through, spread: null, n, unit: '' }
}

function throughPaths({ acknowledgedNs, readings }: Observation<Values>): FaultSize | null {
  const all = readings(acknowledgedNs)
  const through = all.filter(({ value }) => value !== null).length
  return all.length === 0 ? null : { what: 'probes that came through', asked: 0, seen: through, spread: null, n: all.length, unit: '' }
}
