/** One fault from all sides: what was asked, of whom, which calls that came to, and when each stage was reached. */
import { callText } from '@shared/plan/call-text'
import { expand, substitute } from '@shared/plan/expand'
import { faultOf } from '@shared/plan/faults'
import { askedOf } from '@shared/plan/faults/asked'
import type { FaultSpec, Plan } from '@shared/plan/plan'
import { unfold } from '@shared/plan/unfold'
import type { RunEvent } from '@shared/run/event'
import type { FaultMoment, FaultRecord } from '@shared/run/report'
import type { Axis } from './axis'
import type { FaultFinding } from './faults'

type FaultEvent = RunEvent & { kind: 'fault' }

/** @param findings of the same plan and seed, in the same order as its faults */
export function faultRecords(plan: Plan, seed: number, events: readonly RunEvent[], axis: Axis, findings: readonly FaultFinding[]): FaultRecord[] {
  const { schedule } = expand(plan, seed)
  return unfold(plan, seed).map((spec, index) => {
    const own = events.filter((event): event is FaultEvent => event.kind === 'fault' && event.id === spec.id)
    const finding = findings[index]!
    const requested = own.find(({ stage }) => stage === 'requested')
    const roles = requested?.roles ?? {}
    const scheduled = schedule.find(({ id }) => id === spec.id)
    return {
      ...wordsOf(spec),
      targets: finding.result.targets.map((name) => ({ name, role: rolesOf(name, roles) })),
      moments: momentsOf(own, finding, axis),
      size: finding.result.size ?? null,
      not_shown: finding.result.not_shown ?? null,
      calls: requested && scheduled ? substitute(scheduled.calls, roles).map(callText) : [],
      undo: requested && scheduled ? substitute(scheduled.undo, roles).map(callText) : [],
    }
  })
}

function wordsOf({ id, fault, values, target, when }: FaultSpec): Pick<FaultRecord, 'id' | 'fault' | 'family' | 'caution' | 'parameters' | 'target' | 'when'> {
  const { family, caution } = faultOf(fault)
  const parameters = askedOf(fault, values).map(({ name, value, help }) => ({ name, value, help }))
  return { id, fault, family, caution, parameters, target: target.text, when: when?.text ?? null }
}

/** `follower#2 -> leader` of a link: whose place each end has; null where no role was drawn. */
function rolesOf(target: string, roles: Readonly<Record<string, string>>): string | null {
  const roleOf = (node: string): string | null => Object.entries(roles).find(([, actual]) => actual === node)?.[0] ?? null
  const ends = target.split('->')
  return ends.every((end) => roleOf(end) === null) ? null : ends.map((end) => roleOf(end) ?? end).join(' -> ')
}

/** In order of time; what was planned comes before what was done about it. */
function momentsOf(own: readonly FaultEvent[], { planned }: FaultFinding, axis: Axis): FaultMoment[] {
  const done = own.flatMap(({ stage, atNs, detail }): FaultMoment[] =>
    stage === 'planned' || stage === 'measured' ? [] : [{ name: stage, at_ms: rounded(axis.toMs(atNs)), detail: detail ?? null }],
  )
  const why = own.find(({ stage }) => stage === 'planned')?.detail ?? null
  const plan: FaultMoment[] = planned
    ? [
        { name: 'planned', at_ms: rounded(planned.fromMs), detail: why },
        { name: 'planned-end', at_ms: rounded(planned.toMs), detail: null },
      ]
    : []
  return [...plan, ...done].toSorted((a, b) => a.at_ms - b.at_ms)
}

const rounded = (ms: number): number => Math.round(ms * 1e3) / 1e3
