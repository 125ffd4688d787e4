/** What these numbers can't say, and how well the lab itself kept up. */
import type { Report } from '@shared/run/report'
import { count, duration, megabytes } from '../figures'
import { markup } from '../markup'
import { facts, table, type Section } from './section'

export const limits: Section = {
  id: 'limits',
  title: 'Limits of this measurement',
  render({ report }) {
    const { fidelity } = report
    const kept = facts([
      ['Send lag, p99', duration(fidelity.send_lag_ms_p99)],
      ['Not sent in time', count(fidelity.not_sent)],
      ['Longest stall, generator', duration(fidelity.generator_stall_ms_max)],
      ['Longest stall, engine', duration(fidelity.engine_stall_ms_max)],
    ])
    const processes = table<Report['cpu'][number]>(
      [
        { head: 'Process', cell: ({ process }) => process },
        { head: 'CPU, cores (mean)', isNumber: true, cell: ({ cores_mean }) => cores_mean.toFixed(2) },
        { head: 'Memory (max)', isNumber: true, cell: ({ rss_bytes_max }) => megabytes(rss_bytes_max) },
      ],
      report.cpu,
    )
    return markup`<ul>
<li>All nodes, the proxies and the load share one host and its loopback: no real network, no independent disks, shared CPU.</li>
<li>Every link runs through a proxy, which adds to each hop; absolute latencies are those of this lab, not of a deployment.</li>
<li>One run is one trial. What it shows once may not happen again.</li>
</ul>
<p>How well the lab itself kept up:</p>${kept}
${report.cpu.length > 0 ? processes : null}`
  },
}
