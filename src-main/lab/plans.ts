/** The plans that come with the app. */
import { readdirSync, readFileSync } from 'node:fs'
import { parsePlan } from '@shared/plan/parse'
import { planDurationMs } from '@shared/plan/phases'
import type { Plan } from '@shared/plan/plan'
import { resourcePath } from './launch/entries'

export interface BundledPlan {
  /** file name without its ending */
  id: string
  text: string
  plan: Plan
  durationMs: number
}

/** The sample first, the others by title. */
export const SAMPLE_PLAN = 'leader-crash'

export function bundledPlans(): BundledPlan[] {
  return readdirSync(resourcePath('plans'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => {
      const text = readFileSync(resourcePath('plans', file), 'utf8')
      const { plan, problems } = parsePlan(text)
      if (!plan) throw new Error(`${file}: ${problems.map((problem) => problem.message).join('; ')}`)
      return { id: file.replace(/\.yaml$/, ''), text, plan, durationMs: planDurationMs(plan) }
    })
    .toSorted((a, b) => Number(b.id === SAMPLE_PLAN) - Number(a.id === SAMPLE_PLAN) || a.plan.title.localeCompare(b.plan.title))
}
