/**
 * From what was recorded to what it amounts to. Pure but for the clock that bounds the linearizability search: it reads
 * records only, never the live cluster, so that a stored run can be judged again at any time.
 */
import { totalRatePerS } from '@shared/plan/loads'
import type { Plan } from '@shared/plan/plan'
import type { OperationRecord } from '@shared/run/operation'
import type { Report, ReportModel } from '@shared/run/report'
import type { RunRecords } from '../store/records'
import { type Stretch, createAxis } from './axis'
import { requestAvailability, sliceAvailability } from './availability'
import { recoveryBinMs } from './bins'
import { judgeExpectations, verdictOf } from './expectations'
import { faultRecords } from './fault-records'
import { analyseFaults } from './faults'
import { judgeFidelity } from './fidelity'
import type { Findings } from './findings'
import { judgeIntegrity } from './integrity'
import { latency } from './latency'
import { countElections } from './leadership/elections'
import { clip, effectiveLeaderless, nominalLeaderless, totalAndLongest } from './leadership/leaderless'
import { shortestTimeouts } from './leadership/timeouts'
import { nodeSpans } from './leadership/node-spans'
import type { LinearizabilityResult } from './linearizability/check'
import { processUse } from './process-use'
import { goodOf, requestsIn } from './requests'
import { buildTimeline } from './timeline'

export interface JudgeOptions {
  /** for the linearizability search; 60 s unless given */
  budgetMs?: number
  /** monotonic ms */
  now?: () => number
}

const BUDGET_MS = 60_000

export function judge(records: RunRecords, plan: Plan, options: JudgeOptions = {}): ReportModel {
  const { header, closing, events, operations } = records
  const axis = createAxis(records, plan, recoveryBinMs(totalRatePerS(plan)))
  const { measured } = axis
  const shown: Stretch = { fromMs: 0, toMs: axis.horizonMs > 0 ? axis.horizonMs : axis.endedMs }
  const good = goodOf(plan)
  const requests = requestsIn(operations, measured)
  const spans = nodeSpans(plan, events, axis, shown.toMs)
  const leaderless = effectiveLeaderless(records.acks, axis, shortestTimeouts(plan, events, axis), shown)
  const fidelity = judgeFidelity(records, plan, axis)
  const findings: Findings = {
    plan,
    axis,
    events,
    operations,
    good,
    faults: analyseFaults(plan, header.seed, events, operations, good, axis),
    leaderless: clip(leaderless, measured),
    ...judgeIntegrity(records, plan, { budgetMs: options.budgetMs ?? BUDGET_MS, now: options.now ?? (() => performance.now()) }),
  }
  const end = closing?.end ?? 'ERRORED'
  const expectations = judgeExpectations(plan.expect, findings)

  const report: Report = {
    faultline: 1,
    run: header.run,
    end,
    verdict: verdictOf(
      expectations,
      findings.faults.every(({ verified }) => verified),
      end,
    ),
    valid: fidelity.invalid.length === 0,
    invalid: fidelity.invalid,
    stopped_by: closing?.stoppedBy ?? null,
    plan: { title: plan.title, sha256: header.planSha256, seed: header.seed },
    host: header.host,
    expectations,
    requests: countOutcomes(requests),
    availability: {
      requests: requestAvailability(requests, good),
      slices: sliceAvailability(requests, good, measured, plan.slos[0]?.objective ?? null),
    },
    latency_ms: latency(requests),
    faults: findings.faults.map(({ result }) => result),
    leaderless_ms: totalAndLongest(findings.leaderless),
    leaderless_nominal_ms: totalAndLongest(nominalLeaderless(spans, measured)),
    elections: countElections(events, axis, measured),
    lost_writes: findings.lostWrites.length,
    linearizable: summarise(findings.linearizable),
    fidelity: fidelity.figures,
    cpu: processUse(records, axis),
    cleanup: countCleanup(records),
  }
  const { violation } = findings.linearizable
  return {
    report,
    faults: faultRecords(plan, header.seed, events, axis, findings.faults),
    hypothesis: plan.hypothesis,
    planText: header.planText,
    startedAt: new Date(header.startedWallMs).toISOString(),
    timeline: buildTimeline({
      plan,
      axis,
      shown,
      events,
      operations,
      good,
      faults: findings.faults,
      nodeSpans: spans,
      leaderless,
    }),
    ...(violation !== undefined && { violation }),
  }
}

function summarise({ violation, ...result }: LinearizabilityResult): Report['linearizable'] {
  if (violation === undefined) return result
  const { operations, until_ns } = violation.prefix
  const reason = `no order explains the ${operations} operations on ${violation.key} up to ${(until_ns / 1e9).toFixed(3)} s after load start`
  return { ...result, reason }
}

function countOutcomes(requests: readonly OperationRecord[]): Report['requests'] {
  const counts = { total: requests.length, ok: 0, fail: 0, unknown: 0 }
  for (const { outcome } of requests) counts[outcome]++
  return counts
}

/** A thing that had to be tried twice counts once, by its last try. */
function countCleanup({ events }: RunRecords): Report['cleanup'] {
  const last = new Map<string, boolean>()
  for (const event of events) if (event.kind === 'cleanup') last.set(event.what, event.ok)
  return { done: [...last.values()].filter(Boolean).length, of: last.size }
}
