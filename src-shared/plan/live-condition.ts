/**
 * What can be asked of a cluster while it runs: the metrics that a guard and a fault's `when` may name, and how such a
 * condition is read (`queue > 500 for 2s`, `leader elected`).
 */
import { type Measured, parseCondition, splitCondition } from './condition'
import type { Reading } from './field'
import { nearestWord } from './nearest'
import type { Comparison, LiveMetric, StartCondition } from './plan'
import { parseDuration } from './units'

/** Times and rates are of the last second; everything else is as it is now. */
export const liveMetrics: Record<LiveMetric, { unit: 'ratio' | 'duration' | 'count' | 'rate'; help: string }> = {
  availability: { unit: 'ratio', help: 'good requests among all answered in the last second' },
  'latency.p50': { unit: 'duration', help: 'median response time of the last second' },
  'latency.p99': { unit: 'duration', help: 'response time that 99 % of the last second stayed within; none below 100 requests' },
  rate: { unit: 'rate', help: 'requests answered in the last second' },
  in_flight: { unit: 'count', help: 'requests sent and not answered' },
  overdue: { unit: 'count', help: 'requests unanswered for more than a second' },
  queue: { unit: 'count', help: 'requests waiting inside the node where most wait' },
  commit_lag: { unit: 'count', help: 'entries that the slowest node is behind the commit index' },
  fsync: { unit: 'duration', help: 'longest fsync of any node' },
  loop_lag: { unit: 'duration', help: 'longest time that the event loop of any node was late' },
  leaderless: { unit: 'duration', help: 'time since a leader was last acknowledged by a quorum' },
  elections: { unit: 'count', help: 'leaders elected since load start' },
  nodes_down: { unit: 'count', help: 'nodes whose process does not run' },
}

export const liveMetricNames = Object.keys(liveMetrics) as LiveMetric[]

/** What may be waited for that is no number. */
export const startEvents = {
  'leader elected': 'a node became leader after the phase began',
  'leader lost': 'the cluster had a leader after the phase began, and now no node claims to lead',
} as const
type StartEvent = keyof typeof startEvents

/** What people call these. */
const alsoCalled: Record<string, LiveMetric> = {
  p50: 'latency.p50', p99: 'latency.p99', latency: 'latency.p99', uptime: 'availability', throughput: 'rate', pending: 'queue', queue_size: 'queue',
  lag: 'commit_lag', inflight: 'in_flight', 'in-flight': 'in_flight', looplag: 'loop_lag', event_loop: 'loop_lag', down: 'nodes_down',
}

export interface LiveCondition {
  metric: LiveMetric
  comparison: Comparison
  /** ms, ratio, count or per second, as the metric's unit */
  value: number
  /** how long it has to hold; 0 = at once */
  forMs: number
}

const EXAMPLE = '"availability < 20% for 20s"'

/** Reads `METRIC OP VALUE [for DURATION]`. */
export function parseLiveCondition(text: string): Reading<LiveCondition> {
  const parts = splitCondition(text)
  if (!parts) return { ok: false, message: `"${text}" is not of the form METRIC OP VALUE [for DURATION]`, suggestion: EXAMPLE }
  const metric = liveMetricNames.find((name) => name === parts.metric)
  if (metric === undefined) {
    const lower = parts.metric.toLowerCase()
    const meant = Object.hasOwn(alsoCalled, lower) ? alsoCalled[lower]! : nearestWord(lower, liveMetricNames)
    return { ok: false, message: `there is no metric "${parts.metric}" to ask while a run goes on (${liveMetricNames.join(', ')})`, suggestion: meant }
  }
  const measured: Measured = { name: metric, unit: liveMetrics[metric].unit, usual: '>', isSigned: false }
  const condition = parseCondition(parts.condition, measured)
  if (!condition.ok) return { ...condition, suggestion: condition.suggestion && `"${metric} ${condition.suggestion.replaceAll('"', '')}"` }
  const held = heldFor(parts.duration)
  if (!held.ok) return { ...held, suggestion: held.suggestion && `"${metric} ${parts.condition} for ${held.suggestion}"` }
  return { ok: true, value: { metric, comparison: condition.value.comparison, value: Number(condition.value.value), forMs: held.value } }
}

/** Reads what a fault waits for: `leader elected`, `leader lost for 2s`, or a condition on a metric. */
export function parseStart(text: string): Reading<Omit<StartCondition, 'withinMs'>> {
  const match = /^\s*(leader\s+\S+)(?:\s+for\s+(\S.*?))?\s*$/i.exec(text)
  if (!match) {
    const read = parseLiveCondition(text)
    if (read.ok) return { ok: true, value: { text, kind: 'metric', ...read.value } }
    const isEvent = /lead|elect/i.test(text) && !/[<>=]/.test(text)
    return isEvent ? { ok: false, message: `"${text}" is not one of ${Object.keys(startEvents).join(', ')}`, suggestion: '"leader elected"' } : read
  }
  const words = match[1]!.toLowerCase().replace(/\s+/, ' ')
  const kinds = Object.keys(startEvents) as StartEvent[]
  const kind = kinds.find((candidate) => candidate === words)
  if (kind === undefined) return { ok: false, message: `"${words}" is not one of ${kinds.join(', ')}`, suggestion: `"${nearestWord(words, kinds) ?? kinds[0]!}"` }
  const held = heldFor(match[2] ?? null)
  if (!held.ok) return { ...held, suggestion: held.suggestion && `"${kind} for ${held.suggestion}"` }
  return { ok: true, value: { text, kind, forMs: held.value } }
}

function heldFor(written: string | null): Reading<number> {
  if (written === null) return { ok: true, value: 0 }
  const read = parseDuration(written, 's')
  return !read.ok || read.value >= 0 ? read : { ok: false, message: 'a condition holds for at least 0 s', suggestion: '0s' }
}
