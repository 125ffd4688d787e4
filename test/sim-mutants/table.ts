/** The handbook's table of mutants: how many seeds each took, and which rule it broke. Found anew, and written only when asked. */
import type { Found } from './hunt'
import type { Mutant } from './mutants'

const BEGIN = '<!-- mutants: written by UPDATE_TABLE=1 -->\n'
const END = '<!-- end of mutants -->\n'

export function tableOf(found: readonly (readonly [Mutant, Found])[]): string {
  const rows = found.map(([{ mistake, what }, { seeds, failure }]) => `| ${mistake} | ${what} | ${seeds} | ${ruleOf(failure)} |`)
  return ['| mistake | mutant | seeds needed | found by |', '|---|---|---|---|', ...rows, ''].join('\n')
}

/** @returns what stands between the markers */
export function tableIn(page: string): string {
  return parts(page).table
}

export function withTable(page: string, table: string): string {
  const { before, after } = parts(page)
  return before + table + after
}

function parts(page: string): { before: string; table: string; after: string } {
  const from = page.indexOf(BEGIN) + BEGIN.length
  const to = page.indexOf(END)
  if (from < BEGIN.length || to < from) throw new Error(`the page lacks its markers: ${BEGIN.trim()} … ${END.trim()}`)
  return { before: page.slice(0, from), table: page.slice(from, to), after: page.slice(to) }
}

function ruleOf(failure: Found['failure']): string {
  if (failure === null) return 'not found'
  return failure.invariant === 'core' ? "the core's own assertion" : failure.invariant
}
