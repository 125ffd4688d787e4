/** The three numbers a reader takes away; recovery is that of the slowest fault. */
import type { FaultResult } from '@shared/run/report'

export type Recovery =
  | { kind: 'none' }
  | { kind: 'no-onset'; faults: number }
  | { kind: 'never'; fault: string; sinceMs: number | null }
  | { kind: 'restored'; ms: number; faults: number }

/** recovery = restored − effective; no onset means there was nothing to recover from (0) */
export function slowestRecovery(faults: readonly FaultResult[]): Recovery {
  if (faults.length === 0) return { kind: 'none' }
  const hit = faults.filter((fault) => fault.onset_ms !== null && fault.effective_ms !== null)
  const never = hit.find((fault) => fault.restored_ms === null)
  if (never) return { kind: 'never', fault: never.id, sinceMs: never.censored_at_ms === null ? null : never.censored_at_ms - never.effective_ms! }
  if (hit.length === 0) return { kind: 'no-onset', faults: faults.length }
  return { kind: 'restored', ms: Math.max(...hit.map((fault) => fault.restored_ms! - fault.effective_ms!)), faults: hit.length }
}
