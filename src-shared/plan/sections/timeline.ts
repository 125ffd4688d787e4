/** `phases` and `timeline`: how long each part lasts, and which fault happens when, to whom. */
import { isMap, isScalar } from 'yaml'
import { choice, described, duration, notInThisVersion, text } from '../field'
import { faultKinds } from '../faults'
import type { Fault } from '../faults/fault'
import { BASE_TOXIC } from '../faults/toxic'
import { laterFaults, laterKeys } from '../later'
import { openMap, type PlanMap } from '../map'
import { nearestWord } from '../nearest'
import { votersOf } from '../outage'
import { planPhases } from '../phases'
import type { FaultBase, FaultSpec, Plan, PlanNode, Target } from '../plan'
import { writtenText } from '../source'
import { parseTarget } from '../targets'

const HOUR_MS = 3_600_000

const fields = {
  warmup: { ...duration({ help: 'before anything counts', min: 0, max: HOUR_MS, usual: 's' }), initial: 5000 },
  baseline: { ...duration({ help: 'steady state to compare with', min: 1000, max: HOUR_MS, usual: 's' }), initial: 10_000 },
  faults: { ...duration({ help: 'while faults happen', min: 1000, max: HOUR_MS, usual: 's' }), initial: 30_000 },
  recovery: { ...duration({ help: 'watched after the faults', min: 0, max: HOUR_MS, usual: 's' }), initial: 15_000 },
  id: text({ help: 'name of this entry', maxLength: 100, pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, like: 'a name of letters, digits, - and _ (at most 40)' }),
  phase: { ...choice({ help: 'the phase that `at` counts from', options: planPhases }), initial: 'faults' as const },
  at: duration({ help: 'when it begins, e.g. at: 2s', min: 0, max: HOUR_MS, usual: 's' }),
  for: duration({ help: 'how long it lasts', min: 100, max: HOUR_MS, usual: 's' }),
}

const common = ['id', 'phase', 'at', 'for', 'fault', 'target'] as const

export function readPhases(plan: PlanMap): Plan['phases'] {
  const phases = plan.map('phases', { known: planPhases })
  return {
    warmupMs: phases.readOr('warmup', fields.warmup),
    baselineMs: phases.readOr('baseline', fields.baseline),
    faultsMs: phases.readOr('faults', fields.faults),
    recoveryMs: phases.readOr('recovery', fields.recovery),
  }
}

/** @returns the entries that could be read, and the ids of all, so that one bad entry is not reported twice */
export function readTimeline(plan: PlanMap, nodes: readonly PlanNode[]): { entries: { path: string; spec: FaultSpec }[]; ids: string[] } {
  const entries: { path: string; spec: FaultSpec }[] = []
  const ids = new Map<string, string>()
  for (const item of plan.items('timeline')) {
    const fault = faultOfItem(plan, item)
    const parameters = fault ? Object.keys(fault.parameters) : faultKinds.flatMap((kind) => Object.keys(kind.parameters))
    const map = openMap(plan.source, item.path, item.node, { known: [...common, ...parameters], later: laterKeys.timeline })
    if (!map) continue
    const id = map.read('id', fields.id)
    if (id !== undefined) {
      const earlier = ids.get(id)
      if (earlier !== undefined) plan.source.error(map.at('id'), `"${id}" is used twice (also ${earlier})`)
      else if (id === BASE_TOXIC) plan.source.error(map.at('id'), `"${id}" is the name of the standing network's toxics`)
      ids.set(id, item.path)
    }
    const spec = readEntry(map, id, fault, nodes)
    if (spec) entries.push({ path: item.path, spec })
  }
  return { entries, ids: [...ids.keys()] }
}

function readEntry(map: PlanMap, id: string | undefined, fault: Fault | null, nodes: readonly PlanNode[]): FaultSpec | null {
  const { source } = map
  if (!map.has('fault')) source.error(map.at('fault'), 'fault is missing', `fault: ${faultKinds.map((kind) => kind.kind).join(' | ')}`)
  const phase = map.read('phase', fields.phase)
  const atMs = map.read('at', fields.at)
  const forMs = map.readOptional('for', fields.for)
  const target = readTarget(map, nodes)
  if (!fault) return null
  const values = Object.fromEntries(Object.entries(fault.parameters).map(([key, field]) => [key, map.read(key, field)]))
  if (source.isBroken(map.path) || id === undefined || phase === undefined || atMs === undefined || !target) return null
  const base: FaultBase = { id, phase, atMs, forMs, target }
  const spec: FaultSpec = { ...base, fault: fault.kind, values }
  const conflict = fault.conflict(values)
  if (conflict) source.error(map.at(conflict.parameter), conflict.message, conflict.suggestion)
  checkTarget(map, fault, spec, nodes)
  return spec
}

/** The fault decides which keys an entry has, so it is looked up before the entry is opened. */
function faultOfItem(plan: PlanMap, item: ReturnType<PlanMap['items']>[number]): Fault | null {
  const pair = isMap(item.node) ? item.node.items.find((candidate) => isScalar(candidate.key) && candidate.key.value === 'fault') : undefined
  if (!pair) return null
  const node = plan.source.resolve(pair.value)
  const word = writtenText(node)
  const fault = faultKinds.find((kind) => kind.kind === word)
  if (fault) return fault
  const path = `${item.path}.fault`
  if (word !== null && laterFaults.some((later) => later === word)) {
    plan.source.error(path, notInThisVersion(`fault ${word}`), null, node)
    return null
  }
  const lower = word?.toLowerCase() ?? ''
  const kinds = faultKinds.map((kind) => kind.kind)
  const synonym = faultKinds.find((kind) => kind.alsoCalled.includes(lower))?.kind ?? null
  plan.source.error(path, `${described(node)} is not one of ${kinds.join(', ')}`, synonym ?? nearestWord(lower, kinds), node)
  return null
}

function readTarget(map: PlanMap, nodes: readonly PlanNode[]): Target | null {
  const written = map.read('target', text({ help: 'whom it hits, e.g. target: leader', maxLength: 100 }))
  if (written === undefined || map.source.isBroken('cluster.nodes')) return null
  const target = parseTarget(written, nodes.map((node) => node.id), votersOf(nodes).length)
  if (target.ok) return target.value
  map.source.error(map.at('target'), target.message, target.suggestion, map.node('target'))
  return null
}

/** Whether the fault can act on its target at all. */
function checkTarget(map: PlanMap, fault: Fault, spec: FaultSpec, nodes: readonly PlanNode[]): void {
  const { target } = spec
  const where = map.at('target')
  const touched = fault.touches(spec.values)
  if (target.kind === 'link' && fault.targets === 'nodes') {
    const node = [target.from, target.to].find((side) => side !== '*') ?? null
    map.source.error(where, `${spec.fault} acts on nodes, and "${target.text}" is a link`, node)
  } else if (target.kind === 'link' && touched === 'clients') {
    map.source.error(map.at('path'), 'a client path belongs to a node: name a node or a role as target', null)
  } else if (touched === 'links' && (target.kind === 'all' || nodes.length === 1)) {
    map.source.error(where, `"${target.text}" has no links to nodes outside it`, target.kind === 'all' && nodes.length > 1 ? 'leader' : null)
  }
}
