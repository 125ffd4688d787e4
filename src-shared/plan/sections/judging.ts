/** `slos`, `expect` and `guards`: what counts as good, what has to hold, and what stops a run. */
import { isScalar, type Node } from 'yaml'
import { measuredOf, parseCondition } from '../condition'
import { choice, described, duration, percentage, text, type Field } from '../field'
import { laterKeys } from '../later'
import { parseLiveCondition } from '../live-condition'
import { openMap, type PlanMap } from '../map'
import { laterMetrics, metricNames, metrics } from '../metrics'
import { nearestWord } from '../nearest'
import { planPhases } from '../phases'
import type { Expectation, Guard, Metric, Slo } from '../plan'

const fields = {
  name: text({ help: 'name of the objective', maxLength: 100 }),
  objective: percentage({ help: 'share of good requests aimed at, e.g. objective: 99%', min: 0.01, max: 1 }),
  outcome: { ...choice({ help: 'outcome of a good request', options: ['ok'] }), initial: 'ok' as const },
  within: duration({ help: 'a good request is answered within', min: 0.001, max: 600_000, fractional: true }),
  check: choice({ help: 'value: the value read is what the key should hold', options: ['value'] }),
  metric: metricField(),
  is: quotedText(),
  fault: text({ help: 'id of an entry of the timeline', maxLength: 100 }),
  phase: choice({ help: 'only this phase', options: planPhases }),
  op: choice({ help: 'only reads or only writes', options: ['read', 'write'], synonyms: { get: 'read', reads: 'read', put: 'write', writes: 'write', delete: 'write', cas: 'write', append: 'write' } }),
  when: text({ help: 'the condition, e.g. "availability < 20% for 20s"', maxLength: 200 }),
  then: choice({ help: 'what the guard does', options: ['stop'], synonyms: { abort: 'stop', cancel: 'stop', end: 'stop', halt: 'stop' } }),
}

export function readSlos(plan: PlanMap): Slo[] {
  return plan.items('slos').flatMap((item): Slo[] => {
    const map = openMap(plan.source, item.path, item.node, { known: ['name', 'objective', 'good'], later: laterKeys.slo })
    if (!map) return []
    const name = map.read('name', fields.name)
    const objective = map.read('objective', fields.objective)
    const good = map.map('good', { known: ['outcome', 'within', 'check'] })
    const outcome = good.readOr('outcome', fields.outcome)
    const rule = { outcome, withinMs: good.readOptional('within', fields.within), check: good.readOptional('check', fields.check) }
    return name === undefined || objective === undefined ? [] : [{ name, objective, good: rule }]
  })
}

export function readExpectations(plan: PlanMap, faultIds: readonly string[]): Expectation[] {
  return plan.items('expect').flatMap((item): Expectation[] => {
    const map = openMap(plan.source, item.path, item.node, { known: ['metric', 'is', 'fault', 'phase', 'op'], later: laterKeys.expectation })
    if (!map) return []
    const metric = map.read('metric', fields.metric)
    const is = map.read('is', fields.is)
    const narrowing = {
      fault: map.readOptional('fault', fields.fault),
      phase: map.readOptional('phase', fields.phase),
      op: map.readOptional('op', fields.op),
    }
    if (narrowing.fault !== null && !faultIds.includes(narrowing.fault)) {
      plan.source.error(map.at('fault'), `the timeline has no "${narrowing.fault}"`, nearestWord(narrowing.fault, faultIds) ?? onlyOne(faultIds))
    }
    if (metric === undefined) return []
    for (const key of ['fault', 'phase', 'op'] as const) {
      if (narrowing[key] !== null && !metrics[metric].narrowedBy.includes(key)) {
        plan.source.error(map.at(key), `${metric} is one value for the whole run: ${key} does not narrow it`)
      }
    }
    if (narrowing.fault !== null && narrowing.phase !== null && metrics[metric].narrowedBy.includes('phase')) {
      plan.source.error(map.at('phase'), 'fault and phase both say when: give one of them')
    }
    const condition = is === undefined ? undefined : parseCondition(is, measuredOf(metric))
    if (condition && !condition.ok) plan.source.error(map.at('is'), condition.message, condition.suggestion)
    return is !== undefined && condition?.ok ? [{ metric, ...narrowing, is, ...condition.value }] : []
  })
}

export function readGuards(plan: PlanMap): Guard[] {
  return plan.items('guards').flatMap((item): Guard[] => {
    const map = openMap(plan.source, item.path, item.node, { known: ['when', 'then'] })
    if (!map) return []
    const then = map.read('then', fields.then)
    const when = map.read('when', fields.when)
    const condition = when === undefined ? undefined : parseLiveCondition(when)
    if (condition && !condition.ok) plan.source.error(map.at('when'), condition.message, condition.suggestion)
    return when !== undefined && then !== undefined && condition?.ok ? [{ when, ...condition.value, then }] : []
  })
}

function metricField(): Field<Metric> {
  const names = choice<Metric>({
    help: 'what is measured, e.g. metric: availability',
    options: metricNames,
    later: laterMetrics,
    synonyms: { uptime: 'availability', mttr: 'recovery', p99: 'latency.p99', p50: 'latency.p50', p90: 'latency.p90', latency: 'latency.p99', leaderless: 'leaderless.longest', unavailability: 'unavailability.longest', linearizability: 'linearizable', consistency: 'linearizable' },
  })
  return names
}

/** `is` has to be quoted: YAML gives `>`, `!` and `=` meanings of its own, and cuts `>= 95%` to pieces. */
function quotedText(): Field<string> {
  return {
    kind: 'text',
    help: 'what has to hold, quoted, e.g. is: ">= 95%"',
    format: (value) => JSON.stringify(value),
    read(node: Node | null) {
      if (isScalar(node) && typeof node.value === 'string' && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')) {
        return { ok: true, value: node.value }
      }
      const plain = isScalar(node) && node.value !== null ? (node.source ?? String(node.value)).trim() : null
      return { ok: false, message: plain === null ? `${described(node)} is no condition` : `${plain} is not quoted`, suggestion: plain === null ? '">= 95%"' : JSON.stringify(plain) }
    },
  }
}

const onlyOne = (ids: readonly string[]): string | null => (ids.length === 1 ? ids[0]! : null)
