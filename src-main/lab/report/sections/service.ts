/** How well it served: outcomes and availability, three ways. */
import type { Timeline } from '@shared/run/report'
import { count, duration, NONE, percentage } from '../figures'
import { markup } from '../markup'
import { table, type Section } from './section'

const SLICES = 'those whose share of good requests reaches the objective; 99 % where the plan states none'

export const service: Section = {
  id: 'service',
  title: 'Service level',
  render({ report, timeline }) {
    const { total, ok, fail, unknown } = report.requests
    const share = (value: number) => (total > 0 ? percentage(value / total) : NONE)
    const outcomes = table<[string, number, string]>(
      [
        { head: 'Outcome', cell: ([name]) => name },
        { head: 'Requests', isNumber: true, cell: ([, value]) => count(value) },
        { head: 'Share', isNumber: true, cell: ([, value]) => share(value) },
        { head: 'Means', cell: ([, , meaning]) => meaning },
      ],
      [
        ['ok', ok, 'answered, and it happened'],
        ['fail', fail, 'certainly without effect'],
        ['unknown', unknown, 'nobody can tell: it may have happened, or still happen'],
        ['all', total, 'baseline, faults and recovery; not the warm-up'],
      ],
    )
    const ways: [string, number | null | undefined, string][] = [
      ['of requests', report.availability.requests, `${count(total)} requests`],
      ['of one-second slices', report.availability.slices, SLICES],
      ['worst window', worstWindow(timeline), `sliding over ${duration(timeline.availabilityWindowMs)}`],
    ]
    const availability = table<(typeof ways)[number]>(
      [
        { head: 'Availability', cell: ([name]) => name },
        { head: 'Achieved', isNumber: true, cell: ([, value]) => percentage(value) },
        { head: 'Over', cell: ([, , over]) => over },
      ],
      ways,
    )
    return markup`${availability}${outcomes}`
  },
}

/** Warm-up does not count, here as elsewhere. */
function worstWindow({ bins, phases }: Timeline): number | null {
  const warmedUpMs = phases.find(({ phase }) => phase === 'warmup')?.toMs ?? 0
  const known = bins.availability.filter((value, i) => value !== null && (bins.startMs[i] ?? 0) >= warmedUpMs) as number[]
  return known.length > 0 ? known.reduce((worst, value) => Math.min(worst, value), 1) : null
}
