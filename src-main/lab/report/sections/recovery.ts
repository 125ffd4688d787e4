/** Each fault from its effect to full recovery. */
import type { FaultResult } from '@shared/run/report'
import { sizeText } from '@shared/run/size'
import { count, duration, moment, NONE } from '../figures'
import { markup, type Markup } from '../markup'
import { table, type Section } from './section'

export const recovery: Section = {
  id: 'recovery',
  title: 'Recovery, fault by fault',
  render({ report }) {
    if (report.faults.length === 0) return null
    const rows = table<FaultResult>(
      [
        { head: 'Fault', cell: ({ id, fault }) => markup`${id} <small>${fault}</small>` },
        { head: 'Targets', cell: ({ targets }) => (targets.length > 0 ? markup`${targets.map(whole)}` : NONE) },
        { head: 'In effect at', isNumber: true, cell: effectiveAt },
        ...(report.faults.some(({ size }) => size) ? [{ head: 'Size', cell: sizeOf }] : []),
        { head: 'Delay of effect', isNumber: true, cell: ({ effective_ms, requested_ms }) => between(requested_ms, effective_ms) },
        { head: 'Impact', isNumber: true, cell: impact },
        { head: 'First campaign', isNumber: true, cell: ({ effective_ms, detected_ms }) => between(effective_ms, detected_ms) },
        { head: 'New leader', isNumber: true, cell: ({ effective_ms, elected_ms }) => between(effective_ms, elected_ms) },
        { head: 'Restored', isNumber: true, cell: (fault) => reached(fault, fault.restored_ms) },
        { head: 'Fully, P99 too', isNumber: true, cell: (fault) => reached(fault, fault.recovered_ms) },
        { head: 'Healed at', isNumber: true, cell: ({ undone_ms }) => moment(undone_ms) },
      ],
      report.faults,
    )
    return markup`${rows}
<p class="note">Times from “Impact” to “Fully” count from the moment the fault was seen to be in effect; ${NONE} means that it did not
happen. Restored: requests succeed as in the baseline, and go on doing so. Where the hold did not fit into the run, the last moment
observed is given instead.</p>`
  },
}

function sizeOf({ size }: FaultResult): string | Markup {
  return size === undefined ? NONE : markup`${sizeText(size)} <small>${size.what}, n = ${count(size.n)}</small>`
}

function effectiveAt({ effective_ms, not_shown }: FaultResult): string {
  return effective_ms === null ? (not_shown ?? 'never verified') : moment(effective_ms)
}

/** A link's name never breaks at its arrow. */
function whole(target: string): Markup {
  return markup`<span class="whole">${target}</span>`
}

function between(from: number | null, to: number | null): string {
  return from === null || to === null ? NONE : duration(to - from)
}

function impact({ onset_ms, effective_ms }: FaultResult): string {
  if (onset_ms === null) return 'none'
  return effective_ms === null ? moment(onset_ms) : duration(onset_ms - effective_ms)
}

function reached({ onset_ms, effective_ms, censored_at_ms }: FaultResult, at: number | null): string | Markup {
  if (onset_ms === null) return '0 ms'
  if (at !== null) return duration(at - (effective_ms ?? onset_ms))
  return censored_at_ms === null ? 'never' : markup`not by ${moment(censored_at_ms)}`
}
