/** Why a fault decides nothing: it was refused, never begun, or nobody saw its effect. */
import type { FaultStage, RunEvent } from '@shared/run/event'

type FaultEvent = RunEvent & { kind: 'fault' }

/**
 * @param own all events of one fault, in order
 * @returns in words, to follow the fault's name; null when its effect was observed
 */
export function whyNotShown(own: readonly FaultEvent[]): string | null {
  const has = (stage: FaultStage): boolean => own.some((event) => event.stage === stage)
  if (has('observed')) return null
  const failed = own.find((event) => event.stage === 'failed')
  if (failed) return failed.detail ?? 'it failed'
  if (has('acknowledged')) return 'its effect was never seen'
  return has('requested') ? 'its calls were never acknowledged' : 'its moment never came'
}
