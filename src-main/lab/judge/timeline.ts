/** Everything the charts draw, on one axis: phases, faults, nodes, leadership, load, log. */
import { faultOf } from '@shared/plan/faults'
import type { Plan } from '@shared/plan/plan'
import type { Phase, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { Span, Timeline } from '@shared/run/report'
import { type Axis, type Stretch, lengthMs } from './axis'
import { chartBins } from './chart-bins'
import { type FaultFinding, inForce } from './faults'
import { type NodeSpan, laneSpans } from './leadership/node-spans'
import { clip } from './leadership/leaderless'
import type { Good } from './requests'
import { logLines } from './sentences'

export interface TimelineSource {
  plan: Plan
  axis: Axis
  /** what the charts show: from load start (or the run's origin, when load never began) to the end of load */
  shown: Stretch
  events: readonly RunEvent[]
  operations: readonly OperationRecord[]
  good: Good
  faults: readonly FaultFinding[]
  nodeSpans: readonly NodeSpan[]
  /** effective leaderless stretches over what is shown */
  leaderless: readonly Stretch[]
}

export function buildTimeline(source: TimelineSource): Timeline {
  const { plan, axis, shown, events, operations, good, faults, nodeSpans, leaderless } = source
  return {
    fromMs: shown.fromMs,
    toMs: shown.toMs,
    phases: phasesOf(axis, shown, events),
    faults: faults.map(({ result, planned }) => {
      const force = inForce(result, shown.toMs)
      return {
        id: result.id,
        fault: result.fault,
        family: faultOf(result.fault).family,
        targets: result.targets,
        planned: planned && [planned.fromMs, planned.toMs],
        effective: force === null ? null : [force.fromMs, force.toMs],
      }
    }),
    nodes: plan.cluster.nodes.map(({ id }) => ({ id, spans: laneSpans(id, nodeSpans, shown.fromMs) })),
    leadership: leadershipSpans(leaderless, shown),
    ...chartBins(operations, good, shown),
    log: logLines(plan, events, axis),
  }
}

/** Load phases as planned and kept; before load, the phases the engine reported. */
function phasesOf(axis: Axis, shown: Stretch, events: readonly RunEvent[]): Timeline['phases'] {
  const load = (['warmup', 'baseline', 'faults', 'recovery'] as const).map((phase) => ({
    phase: phase as Phase,
    ...axis.phases[phase],
  }))
  if (axis.hasLoad) return load.filter((phase) => lengthMs(phase) > 0)
  const reported = events.filter((event) => event.kind === 'phase')
  return reported.map((event, index) => ({
    phase: event.phase,
    fromMs: axis.toMs(event.atNs),
    toMs: reported[index + 1] === undefined ? shown.toMs : axis.toMs(reported[index + 1]!.atNs),
  }))
}

function leadershipSpans(leaderless: readonly Stretch[], shown: Stretch): Span<'led' | 'none'>[] {
  const spans: Span<'led' | 'none'>[] = []
  let fromMs = shown.fromMs
  const led = (toMs: number): void => {
    if (toMs > fromMs) spans.push({ fromMs, toMs, state: 'led' })
  }
  for (const gap of clip(leaderless, shown)) {
    led(gap.fromMs)
    spans.push({ fromMs: gap.fromMs, toMs: gap.toMs, state: 'none' })
    fromMs = gap.toMs
  }
  led(shown.toMs)
  return spans
}
