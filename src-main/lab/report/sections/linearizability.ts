/** Whether the history can be explained by one register a key. */
import { violationLines } from '@shared/run/lane-text'
import { count, duration } from '../figures'
import { markup } from '../markup'
import { facts, type Section } from './section'

const MEANING = {
  ok: 'Every answer fits one order of the operations in which each takes effect between its start and its end.',
  violated: 'No such order exists: somebody read or overwrote what cannot have been there.',
  unknown: 'The check came to no answer within its bounds.',
} as const

export const linearizability: Section = {
  id: 'linearizability',
  title: 'Linearizability',
  render({ report, violation }) {
    const { verdict, operations, keys, seconds, reason } = report.linearizable
    const pairs: [string, string][] = [
      ['Verdict', verdict],
      ['Operations', count(operations)],
      ['Lost acknowledged writes', count(report.lost_writes)],
    ]
    if (keys !== undefined) pairs.push(['Keys', count(keys)])
    if (seconds !== undefined) pairs.push(['Checked in', duration(seconds * 1000)])
    const lanes = violation === undefined ? null : markup`<pre class="lanes">${violationLines(violation).join('\n')}</pre>`
    return markup`${facts(pairs)}<p class="note">${MEANING[verdict]}${reason ? ` ${reason}` : ''}</p>${lanes}`
  },
}
