/** A drill's table: how each kind of fault was recovered from, over all times that it was injected. */
import type { FaultResult } from '@shared/run/report'
import { meanOf } from '@shared/stats/mean'
import { ascending, quantile } from '@shared/stats/quantiles'

export interface KindRecovery {
  /** the kind; of an entry that repeats, its id as well: one kind can be made to mean different things */
  fault: string
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
  return [...new Set(shown.map(rowOf))].map((fault) => {
    const group = shown.filter((one) => rowOf(one) === fault)
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

/** `crash-1.2` is the second time of the entry `crash-1`. */
function rowOf({ id, fault }: FaultResult): string {
  const entry = /^(.*)\.\d+$/.exec(id)?.[1]
  return entry === undefined ? fault : `${fault} (${entry})`
}

function recoveryMs({ onset_ms, restored_ms, effective_ms }: FaultResult): number | null {
  if (onset_ms === null) return 0
  return restored_ms === null || effective_ms === null ? null : restored_ms - effective_ms
}
