/** What a leader puts into its own log. */
import type { Core, Leader } from './core'
import { onEntriesAppended } from './membership/effect'
import type { Entry } from './types'

/** Appends to the own log; followers get it with the next flush, all proposals of that time in one message. */
export function appendOwn(core: Core, leader: Leader, type: Entry['type'], data: readonly Uint8Array[]): void {
  const first = core.log.last + 1
  const entries = data.map((bytes, i) => ({ index: first + i, term: core.term, type, data: bytes }))
  core.log.append(entries)
  for (const bytes of data) leader.uncommittedBytes += bytes.byteLength
  core.isFlushDue = true
  if (type === 'config') onEntriesAppended(core, entries)
}
