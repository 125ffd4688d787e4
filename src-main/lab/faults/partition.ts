/** A cut is seen at the receiving end: nothing more arrives on the link although both processes run. */
import { observableLinks, observer } from './fault'

interface Values {
  mode: string
  path: 'peer' | 'client'
}

/** Nodes exchange something on every link at least this often (heartbeats, probes); silence this long is a cut. */
const SILENT_NS = 300e6

export const partition = observer<Values>({
  withinMs: 3_000,
  isThere(observation) {
    const { cluster, values, drawn, acknowledgedNs } = observation
    if (values.path === 'client') return `proxies of ${drawn.clients.join(', ')} read back`
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
    if (values.path === 'client') return `proxies of ${drawn.clients.join(', ')} read back`
    const links = observableLinks(observation)
    const heard = links.every(({ from, to }) => {
      const last = cluster.node(to).sample?.links.find((link) => link.peer === from)?.lastReceivedNs
      return last != null && last > acknowledgedNs
    })
    return heard ? `${links.length} links carry frames again` : null
  },
})
