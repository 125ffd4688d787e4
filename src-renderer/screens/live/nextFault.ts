/** Which fault the strip names: the one that acts now, else the one that comes next. */
import type { LiveFrame } from '@shared/api/live'
import { inForce, placeText } from './mapFaults'

export interface NamedFault {
  id: string
  targets: string
  isActive: boolean
  /** that act at the same time */
  others: number
  /** until it begins; 0 when active */
  inMs: number
}

export function nextFault({ faults, nowMs }: Pick<LiveFrame, 'faults' | 'nowMs'>): NamedFault | null {
  const acting = inForce(faults)
  const active = acting[0]
  const planned = faults.filter((fault) => fault.state === 'planned').sort((a, b) => a.plannedFromMs - b.plannedFromMs)[0]
  const named = active ?? planned
  if (!named) return null
  const inMs = active ? 0 : Math.max(0, named.plannedFromMs - nowMs)
  return { id: named.id, targets: placeText(named), isActive: active !== undefined, others: Math.max(0, acting.length - 1), inMs }
}
