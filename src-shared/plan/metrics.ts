/** The metrics that expectations may name, and how their values are written. */
import type { Metric } from './plan'

export type MetricUnit = 'ratio' | 'duration' | 'count' | 'rate' | 'word'

interface MetricMeaning {
  unit: MetricUnit
  help: string
  /** which narrowings mean something for it */
  narrowedBy: readonly ('fault' | 'phase' | 'op')[]
}

export const metrics: Record<Metric, MetricMeaning> = {
  availability: { unit: 'ratio', help: 'good requests among all', narrowedBy: ['fault', 'phase', 'op'] },
  'latency.p50': { unit: 'duration', help: 'median response time', narrowedBy: ['fault', 'phase', 'op'] },
  'latency.p90': { unit: 'duration', help: 'response time that 90 % stay within', narrowedBy: ['fault', 'phase', 'op'] },
  'latency.p99': { unit: 'duration', help: 'response time that 99 % stay within', narrowedBy: ['fault', 'phase', 'op'] },
  'latency.max': { unit: 'duration', help: 'longest response time', narrowedBy: ['fault', 'phase', 'op'] },
  recovery: { unit: 'duration', help: 'from the effect of a fault until requests succeed again and go on succeeding', narrowedBy: ['fault'] },
  'recovery.from_heal': { unit: 'duration', help: 'the same, from the end of the fault', narrowedBy: ['fault'] },
  'unavailability.longest': { unit: 'duration', help: 'longest time without a good request', narrowedBy: ['fault', 'phase', 'op'] },
  'leaderless.longest': { unit: 'duration', help: 'longest time without a leader that a quorum acknowledges', narrowedBy: ['fault', 'phase'] },
  'leaderless.total': { unit: 'duration', help: 'all time without a leader that a quorum acknowledges', narrowedBy: ['fault', 'phase'] },
  elections: { unit: 'count', help: 'times that a new leader was elected', narrowedBy: ['fault', 'phase'] },
  lost_writes: { unit: 'count', help: 'acknowledged writes that are gone', narrowedBy: [] },
  linearizable: { unit: 'word', help: 'whether one order explains every answer: ok, violated or unknown', narrowedBy: [] },
}

export const metricNames = Object.keys(metrics) as Metric[]
export const laterMetrics = ['availability.slices', 'availability.uptime', 'slo'] as const
export const linearizableWords = ['ok', 'violated', 'unknown'] as const
