/** A drill's table: fault × triggers × recovery × alert. */
import { count, duration, NONE } from '../figures'
import { markup } from '../markup'
import { recoveryByKind, type KindRecovery } from '../recovery-by-kind'
import { table, type Section } from './section'

export const recoveryPerKind: Section = {
  id: 'recovery-by-kind',
  title: 'Recovery per fault type',
  render({ report }) {
    const kinds = recoveryByKind(report.faults)
    if (!kinds.some(({ triggers }) => triggers > 1)) return null
    const rows = table<KindRecovery>(
      [
        { head: 'Fault', cell: ({ fault }) => fault },
        { head: 'Targets', cell: ({ targets }) => targets.join(', ') },
        { head: 'Triggers', isNumber: true, cell: ({ triggers }) => count(triggers) },
        { head: 'Mean recovery', isNumber: true, cell: ({ meanMs }) => duration(meanMs) },
        { head: 'Median', isNumber: true, cell: ({ medianMs }) => duration(medianMs) },
        { head: 'Max', isNumber: true, cell: ({ maxMs }) => duration(maxMs) },
        { head: 'Not recovered', isNumber: true, cell: ({ notRecovered }) => count(notRecovered) },
        { head: 'Alert fired', cell: () => NONE },
      ],
      kinds,
    )
    return markup`${rows}
<p class="note">From the moment each fault was seen to be in effect until requests succeed again and go on succeeding; one that nobody
noticed counts 0 ms. One that was not recovered from is in no mean. No alert was configured.</p>`
  },
}
