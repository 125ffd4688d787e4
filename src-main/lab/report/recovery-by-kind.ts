/** A drill's table: how each kind of fault was recovered from, over all times that it was injected. */
import type { FaultResult } from '@shared/run/report'
import { meanOf } from '@shared/stats/mean'
import { ascending, quantile } from '@shared/stats/quantiles'

export interface KindRecovery {
  fault: string
  /** entries of the plan that injected it, or, where each has an id of its own, the ids */
  ids: string[]
  /** whom they hit, each once */
  targets: string[]
  /** how often its effect was seen */
  triggers: number
  /** since the effect; 0 where nobody noticed it. Null without a recovery */
  meanMs: number | null
  medianMs: number | null
  maxMs: number | null
  /** service was not back for good when the watch ended: in no mean, and worse than all that are */
  notRecovered: number
}

/** Rows in the order in which the kinds first appear; what never took effect is no trigger. */
export function recoveryByKind(faults: readonly FaultResult[]): KindRecovery[] {
  const shown = faults.filter(({ effective_ms }) => effective_ms !== null)
  const kinds = [...new Set(shown.map(({ fault }) => fault))]
  return kinds.map((fault) => {
    const group = shown.filter((one) => one.fault === fault)
    const recoveries = group.map(recoveryMs).filter((ms) => ms !== null)
    const sorted = ascending(recoveries)
    return {
      fault,
      ids: group.map(({ id }) => id),
      targets: [...new Set(group.flatMap(({ targets }) => targets))],
      triggers: group.length,
      meanMs: meanOf(recoveries)?.mean ?? null,
      medianMs: quantile(sorted, 0.5),
      maxMs: quantile(sorted, 1),
      notRecovered: group.length - recoveries.length,
    }
  })
}

function recoveryMs({ onset_ms, restored_ms, effective_ms }: FaultResult): number | null {
  if (onset_ms === null) return 0
  return restored_ms === null || effective_ms === null ? null : restored_ms - effective_ms
}
