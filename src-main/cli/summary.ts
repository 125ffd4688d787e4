/** A report in a few lines, and its exit code. */
import type { Report } from '@shared/run/report'
import { sizeText } from '@shared/run/size'
import { EXIT } from '../lab/failure'

/** Contract, "Exit": the first that applies. */
export function exitOf(report: Report): number {
  if (report.end === 'CANCELED' && report.stopped_by === 'person') return EXIT.canceled
  if (report.end !== 'COMPLETED' || !report.valid || report.verdict === 'INCONCLUSIVE') return EXIT.inconclusive
  return report.verdict === 'NOT_HELD' ? EXIT.notHeld : EXIT.held
}

export function summaryOf(report: Report): string {
  const { requests, latency_ms: latency } = report
  const lines = [
    '',
    `${report.verdict.replace('_', ' ')}  ${report.plan.title}  (run ${report.run}, ${report.end}${report.stopped_by ? `, stopped by ${report.stopped_by}` : ''})`,
    ...report.expectations.map((expectation) => `  ${mark(expectation.held)} ${nameOf(expectation)} ${expectation.expected}   observed ${observed(expectation.metric, expectation.observed)}`),
    ...report.faults.flatMap(({ id, fault, not_shown }) => (not_shown === undefined ? [] : [`  ? ${fault} ${id} did not show: ${not_shown}`])),
    ...report.faults.flatMap(({ id, size }) => (size ? [`  ${id}   ${size.what}: ${sizeText(size)}`] : [])),
    ...report.invalid.map((reason) => `  ! invalid: ${reason}`),
    `requests ${requests.total}: ${requests.ok} ok, ${requests.fail} fail, ${requests.unknown} unknown · availability ${percent(report.availability.requests)}`,
    `latency  p50 ${ms(latency.p50)} · p99 ${ms(latency.p99)} · max ${ms(latency.max)}`,
    `raft     ${report.elections} elections · leaderless ${ms(report.leaderless_ms.longest)} longest · linearizable ${report.linearizable.verdict} · ${report.lost_writes} writes lost`,
    `cleanup  ${report.cleanup.done}/${report.cleanup.of}`,
  ]
  return lines.join('\n')
}

function nameOf({ metric, fault, phase, op }: Report['expectations'][number]): string {
  return [metric, fault, phase, op].filter(Boolean).join(' ')
}

function mark(held: boolean | null): string {
  return held === null ? '?' : held ? '✓' : '✗'
}

function observed(metric: string, value: number | string | null): string {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return value
  if (metric.startsWith('availability')) return percent(value)
  return metric === 'elections' || metric === 'lost_writes' ? String(value) : ms(value)
}

function ms(value: number | null): string {
  return value === null ? '–' : `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`
}

function percent(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(2)} %`
}
