/** What is wrong with a plan only under another seed than its own: its faults then begin at other moments. */
import { excess, worstMoments } from './blast-radius'
import { clashes, clashMessage } from './overlap'
import type { Plan } from './plan'
import { unfold } from './unfold'

/** @returns sentences; none = the plan can be run with this seed */
export function problemsWithSeed(plan: Plan, seed: number): string[] {
  const faults = unfold(plan, seed)
  const certain = clashes(plan, faults).filter(({ clash }) => clash === 'certain')
  const worst = worstMoments(plan, faults).find((moment) => moment.out > plan.blastRadius.nodes)
  return [...certain.map(({ later, earlier }) => clashMessage(later, earlier)), ...(worst ? [excess(worst, plan)] : [])]
}
