/** What a report can be written as. To add a format: a function of the model, and its line here. */
import type { ReportModel } from '@shared/run/report'
import { renderHtml } from './html'
import { reportJson } from './json'

export const formats = {
  html: { file: 'report.html', render: renderHtml },
  json: { file: 'report.json', render: reportJson },
} as const satisfies Record<string, { file: string; render(model: ReportModel): string }>

export type FormatName = keyof typeof formats

/** Known by name, so that they are refused as what they are. */
const LATER = ['pdf', 'md', 'csv', 'junit']

/** @param name as on the command line */
export function reportFormat(name: string): { ok: true; format: FormatName } | { ok: false; message: string } {
  if (Object.hasOwn(formats, name)) return { ok: true, format: name as FormatName }
  if (LATER.includes(name)) return { ok: false, message: `report as ${name}: not in this version` }
  return { ok: false, message: `no report format “${name}”; there are ${Object.keys(formats).join(', ')}` }
}
