/** The plan as it was written, what happened, and what the words mean. */
import type { Timeline } from '@shared/run/report'
import { count, moment } from '../figures'
import { markup } from '../markup'
import { table, type Section } from './section'

const DEFINITIONS: [string, string][] = [
  ['ok, fail, unknown', 'Answered and done; certainly without effect; and neither is certain. A write that timed out is unknown.'],
  ['availability', 'Good requests among all, by the moment they should have started.'],
  ['good', 'What the plan’s first SLO says; without one, ok.'],
  ['latency', 'From the moment a request should have started until its answer was read, or until its deadline.'],
  ['impact', 'The first of two bins in a row whose share of good requests is below the baseline by more than its usual spread.'],
  ['recovery', 'From the moment a fault was seen to be in effect until requests succeed again and go on doing so.'],
  ['leaderless', 'No leader’s heartbeats were acknowledged by a quorum.'],
  ['elections', 'Terms that somebody stood for: a pre-vote is none, a split vote is one.'],
  ['lost writes', 'Acknowledged writes that later answers prove to be gone.'],
  ['linearizable', 'All answers fit one order in which each operation takes effect between its start and its end.'],
]

export const appendix: Section = {
  id: 'appendix',
  title: 'Appendix',
  render({ planText, timeline }) {
    const log = table<Timeline['log'][number]>(
      [
        { head: 'At', isNumber: true, cell: ({ atMs }) => moment(atMs) },
        { head: 'Source', cell: ({ source }) => source },
        { head: 'Event', cell: ({ text }) => text },
      ],
      timeline.log,
    )
    return markup`<h3>Plan</h3><pre>${planText}</pre>
<h3>Events</h3><details><summary>${count(timeline.log.length)} events</summary>${log}</details>
<h3>Words</h3><dl class="words">${DEFINITIONS.map(([word, meaning]) => markup`<dt>${word}</dt><dd>${meaning}</dd>`)}</dl>`
  },
}
