/** Scenarios as the window lists them: what happened, both configurations, and how their last runs ended. */
import { createHash } from 'node:crypto'
import type { ScenarioEntry } from '@shared/api/contract'
import { planDurationMs } from '@shared/plan/phases'
import type { RunSummary } from '@shared/run/report'
import { configurations, scenarios, wantedVerdict, type Scenario } from './scenario'

/** @param runs newest first */
export function scenarioEntries(runs: readonly RunSummary[], all: readonly Scenario[] = scenarios()): ScenarioEntry[] {
  return all.map(({ id, number, title, incident, unlike, watch, operator, faults, tells, plans }) => ({
    id, number, title, incident, unlike, watch, operator, faults,
    metrics: tells.metrics,
    differs: tells.differs,
    configurations: configurations.map((which) => {
      const { plan, text } = plans[which]
      const sha256 = createHash('sha256').update(text).digest('hex')
      return {
        which,
        plan: planId(id, which),
        what: tells[which],
        hypothesis: plan.hypothesis,
        durationMs: planDurationMs(plan),
        text,
        wanted: wantedVerdict[which],
        last: runs.find((run) => run.sha256 === sha256) ?? null,
      }
    }),
  }))
}

/** @returns the plan of `scenarioEntries` with this id, or null */
export function scenarioPlanText(id: string, all: readonly Scenario[] = scenarios()): string | null {
  const found = all.flatMap((scenario) => configurations.map((which) => ({ id: planId(scenario.id, which), text: scenario.plans[which].text })))
  return found.find((plan) => plan.id === id)?.text ?? null
}

const planId = (scenario: string, which: string): string => `${scenario}/${which}`
