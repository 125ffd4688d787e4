/** Who led, and for how long nobody did. */
import type { ReportModel } from '@shared/run/report'
import { count, duration, moment } from '../figures'
import { leadersDuring } from '../leaders'
import { markup } from '../markup'
import { facts, table, type Section } from './section'

const MOST_SPANS = 40

export const raft: Section = {
  id: 'raft',
  title: 'Raft',
  render({ report, timeline }) {
    const pairs: [string, string][] = [
      ['Elections', count(report.elections)],
      ['Leaderless, total', duration(report.leaderless_ms.total)],
      ['Leaderless, longest', duration(report.leaderless_ms.longest)],
      ['Nobody claimed leadership', duration(report.leaderless_nominal_ms.total)],
    ]
    const shown = timeline.leadership.slice(0, MOST_SPANS)
    const spans = table<ReportModel['timeline']['leadership'][number]>(
      [
        { head: 'From', isNumber: true, cell: ({ fromMs }) => moment(fromMs) },
        { head: 'To', isNumber: true, cell: ({ toMs }) => moment(toMs) },
        { head: 'For', isNumber: true, cell: ({ fromMs, toMs }) => duration(toMs - fromMs) },
        { head: 'Leader', cell: (span) => leadersDuring(timeline, span) },
      ],
      shown,
    )
    const rest = timeline.leadership.length - shown.length
    return markup`${facts(pairs)}${shown.length > 0 ? spans : null}
${rest > 0 ? markup`<p class="note">${count(rest)} more changes are not listed.</p>` : null}
<p class="note">Leaderless means that no leader's heartbeats were acknowledged by a quorum: from one leadership to the
next, and within one for longer than the shortest election timeout then in force.</p>`
  },
}
