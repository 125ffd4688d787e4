/** Response times of the whole measured part of the run. */
import { duration } from '../figures'
import { markup } from '../markup'
import { table, type Section } from './section'

export const latency: Section = {
  id: 'latency',
  title: 'Latency',
  render({ report }) {
    const { p50, p90, p99, p999, max } = report.latency_ms
    const columns = (['p50', 'p90', 'p99', 'p99.9', 'max'] as const).map((head, i) => ({
      head,
      isNumber: true,
      cell: (row: (number | null)[]) => duration(row[i] ?? null),
    }))
    const few = p99 === null ? 'No p99 under 100 requests. ' : p999 === null ? 'No p99.9 under 1,000 requests. ' : ''
    return markup`${table(columns, [[p50, p90, p99, p999, max]])}
<p class="note">${few}From the moment a request should have started, so that a stall can't hide the requests it held up. Timed-out
requests count with their deadline: their true latency is longer.</p>`
  },
}
