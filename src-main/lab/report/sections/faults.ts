/** Each fault from all sides, folded up: what was asked, of whom, what was called, when each stage was reached. */
import type { FaultMoment, FaultRecord, ReportModel } from '@shared/run/report'
import { sizeText } from '@shared/run/size'
import { count, duration, moment, NONE } from '../figures'
import { markup, type Markup } from '../markup'
import { facts, table, type Section } from './section'

export const faults: Section = {
  id: 'faults',
  title: 'Faults, one by one',
  render(model) {
    return model.faults.length === 0 ? null : markup`${model.faults.map((fault) => recordOf(fault, model))}`
  },
}

function recordOf(fault: FaultRecord, { timeline }: ReportModel): Markup {
  const log = timeline.log.filter(({ source }) => source === fault.id)
  const targets = fault.targets.map(({ name, role }) => (role === null ? name : `${name} (${role})`)).join(', ')
  return markup`<details class="fault"><summary><b>${fault.id}</b> ${fault.fault}, ${fault.family}: ${targets || fault.target}</summary>
${facts([
  ['Target in the plan', fault.target],
  ...(fault.when === null ? [] : [['When', fault.when] as const]),
  ...fault.parameters.map(({ name, value }) => [name, value] as const),
  ['Asked beside seen', fault.size ? `${fault.size.what}: ${sizeText(fault.size)} (n = ${count(fault.size.n)})` : NONE],
  ['Shown', fault.not_shown ?? 'yes'],
])}
${fault.caution === null ? null : markup`<p class="note">${fault.caution}</p>`}
${stages(fault.moments)}
${calls('Calls', fault.calls)}
${calls('Undone by', fault.undo)}
${log.length === 0 ? null : markup`<h3>Events</h3><pre>${log.map(({ atMs, text }) => `${moment(atMs)}  ${text}`).join('\n')}</pre>`}
</details>`
}

function stages(moments: readonly FaultMoment[]): Markup {
  const after = moments.map((one, index) => ({ ...one, sinceMs: index === 0 ? null : one.at_ms - moments[index - 1]!.at_ms }))
  return table<(typeof after)[number]>(
    [
      { head: 'Stage', cell: ({ name }) => name.replace('-', ' ') },
      { head: 'At', isNumber: true, cell: ({ at_ms }) => moment(at_ms) },
      { head: 'After the one before', isNumber: true, cell: ({ sinceMs }) => duration(sinceMs) },
      { head: 'Seen', cell: ({ detail }) => detail ?? '' },
    ],
    after,
  )
}

function calls(title: string, lines: readonly string[]): Markup | null {
  return lines.length === 0 ? null : markup`<h3>${title} <small>${count(lines.length)}</small></h3><pre>${lines.join('\n')}</pre>`
}
