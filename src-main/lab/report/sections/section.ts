/** One part of the report. To add one: a file with a section, and its line in `index.ts`. */
import type { ReportModel } from '@shared/run/report'
import { markup, type Markup } from '../markup'

export interface Section {
  /** anchor in the document */
  id: string
  title: string
  /** null: this run has nothing to say here, and the section is left out */
  render(model: ReportModel): Markup | null
}

export interface Column<Row> {
  head: string
  isNumber?: boolean
  cell(row: Row): string | Markup
}

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const kind = (column: Column<Row>) => (column.isNumber ? 'number' : 'text')
  const heads = columns.map((column) => markup`<th scope="col" class="${kind(column)}">${column.head}</th>`)
  const body = rows.map((row) => {
    const cells = columns.map((column) => markup`<td class="${kind(column)}">${column.cell(row)}</td>`)
    return markup`<tr>${cells}</tr>`
  })
  return markup`<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** A few names with their values. */
export function facts(pairs: readonly (readonly [string, string | Markup])[]): Markup {
  return markup`<dl class="facts">${pairs.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}
