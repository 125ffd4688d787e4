/** The hypothesis against what was observed. */
import type { ExpectationResult } from '@shared/run/report'
import { observed } from '../figures'
import { markup } from '../markup'
import { table, type Section } from './section'
import { nameOf } from './verdict'

export const expectations: Section = {
  id: 'expectations',
  title: 'Hypothesis against observed',
  render({ report, hypothesis }) {
    const rows = table<ExpectationResult>(
      [
        { head: 'Metric', cell: nameOf },
        { head: 'Expected', isNumber: true, cell: ({ expected }) => expected },
        { head: 'Observed', isNumber: true, cell: (row) => observed(row.metric, row.observed) },
        { head: 'Result', cell: ({ held }) => result(held) },
      ],
      report.expectations,
    )
    return markup`${hypothesis === null ? null : markup`<blockquote>${hypothesis}</blockquote>`}
${report.expectations.length > 0 ? rows : markup`<p>The plan names no expectation.</p>`}`
  },
}

function result(held: boolean | null) {
  if (held === null) return markup`<span class="open">? no value</span>`
  return held ? markup`<span class="met">✓ met</span>` : markup`<span class="missed">✕ not met</span>`
}
