/**
 * Where an operator's word on who votes cut the log: the first of the survivors to lead afterwards decides what the log is,
 * and it ended at the entry that it told of. What was acknowledged before, at a later place, is gone.
 */
import type { RunEvent } from '@shared/run/event'

export interface LogCut {
  /** since load start */
  atNs: number
  /** the last entry that was kept */
  lastIndex: number
}

export function logCuts(events: readonly RunEvent[], loadStartNs: number): LogCut[] {
  const cuts: LogCut[] = []
  const told = new Map<string, LogCut>()
  for (const event of events) {
    if (event.kind === 'membership' && event.stage === 'forced') {
      if (!told.has(event.node)) told.set(event.node, { atNs: event.atNs - loadStartNs, lastIndex: event.index })
    } else if (event.kind === 'role' && event.role === 'leader') {
      const cut = told.get(event.node)
      if (cut) cuts.push(cut)
      if (cut) told.clear()
    }
  }
  return cuts
}
