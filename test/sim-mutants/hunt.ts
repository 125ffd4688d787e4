/** Built together with a mutated core: plays seeds with the settings of `sim --faults all` until one fails. */
import type { Failure } from '../../src-main/sim/failure'
import { judgeHistory } from '../../src-main/sim/judge-history'
import { planOf } from '../../src-main/sim/plan'
import { runWorld } from '../../src-main/sim/world'

export interface Found {
  /** seeds that were played, the failing one included */
  seeds: number
  failure: Failure | null
}

export function hunt(seedsMax: number): Found {
  for (let seed = 1; seed <= seedsMax; seed++) {
    const { failure } = runWorld(planOf(seed, { faults: 'all', nodes: null }), judgeHistory)
    if (failure !== null) return { seeds: seed, failure }
  }
  return { seeds: seedsMax, failure: null }
}
