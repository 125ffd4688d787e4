/** `zones`: how far the zones are from one another, as delay one way on every link between their nodes. */
import { isMap } from 'yaml'
import { duration } from '../field'
import { jitterConflict, LATENCY_MS_MAX } from '../faults/latency'
import { openMap, type PlanMap } from '../map'
import { nearestWord } from '../nearest'
import type { PlanNode, ZoneLink } from '../plan'
import { writtenText } from '../source'

const fields = {
  latency: duration({ help: 'one way, all the time, e.g. latency: 30ms', min: 0, max: LATENCY_MS_MAX }),
  jitter: { ...duration({ help: 'varies by up to this much, at most latency', min: 0, max: LATENCY_MS_MAX }), initial: 0 },
}

const PAIR = /^\s*([^\s<>-]+)\s*(<->|->)\s*([^\s<>-]+)\s*$/

/** @returns directed links between zones; a pair that is not named has no delay of its own */
export function readZones(plan: PlanMap, nodes: readonly PlanNode[]): ZoneLink[] {
  const zones = plan.map('zones', { known: ['links'] })
  const node = zones.node('links')
  if (!zones.has('links')) return []
  const { source } = plan
  const pairs = isMap(node) ? node.items.flatMap((pair) => writtenText(source.resolve(pair.key)) ?? []) : []
  const map = openMap(source, zones.at('links'), node, { known: pairs })
  if (!map) return []
  const names = [...new Set(nodes.flatMap((one) => one.zone ?? []))]
  const links = new Map<string, ZoneLink>()
  for (const pair of new Set(pairs)) {
    const match = PAIR.exec(pair)
    if (!match) {
      source.error(map.at(pair), `"${pair}" is no pair of zones: write a->b, or a<->b for both ways`, null)
      continue
    }
    const [, from = '', arrow, to = ''] = match
    const unknown = [from, to].find((name) => !names.includes(name))
    if (unknown !== undefined) {
      const known = names.length > 0 ? names.join(', ') : 'no node names a zone'
      source.error(map.at(pair), `no node is in zone "${unknown}" (${known})`, nearestWord(unknown, names))
      continue
    }
    const delay = openMap(source, map.at(pair), map.node(pair), { known: ['latency', 'jitter'] })
    const latencyMs = delay?.read('latency', fields.latency)
    if (!delay || latencyMs === undefined) continue
    const jitterMs = delay.readOr('jitter', fields.jitter)
    const conflict = jitterConflict(latencyMs, jitterMs)
    if (conflict) source.error(delay.at('jitter'), conflict.message, conflict.suggestion)
    for (const link of [{ from, to }, ...(arrow === '<->' && from !== to ? [{ from: to, to: from }] : [])]) {
      const name = `${link.from}->${link.to}`
      if (links.has(name)) source.error(map.at(pair), `the delay ${name} is given twice`)
      links.set(name, { ...link, latencyMs, jitterMs })
    }
  }
  return [...links.values()]
}
