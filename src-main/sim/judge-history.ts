/**
 * The linearizability judge as worlds use it, with a bound that is counted in steps and not in seconds: the verdict
 * must not depend on how busy the machine is. The one place of this room that knows the judge; entries hand it in.
 */
import { checkLinearizable } from '../lab/judge/linearizability/check'
import type { JudgeHistory } from './world'

/** looks at the clock, each after a thousand steps of the search; a world needs a handful */
const LOOKS_MAX = 3000

export const judgeHistory: JudgeHistory = (history) => {
  let looks = 0
  const { verdict, violation } = checkLinearizable(history, { budgetMs: LOOKS_MAX, now: () => looks++ })
  return violation === undefined ? { verdict } : { verdict, key: violation.key }
}
