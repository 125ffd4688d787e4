/** What YAML itself refuses, put in a plan's terms where a plan's author is likely to trip. */
import type { Document, LineCounter } from 'yaml'
import type { Problem } from './plan'

const SYNTAX_PROBLEMS_MAX = 20
/** As much of a line as is looked at. */
const ROW_MAX = 1000

/** @returns problems in the order of the text; none = the document can be read */
export function syntaxProblems(planText: string, document: Document, lines: LineCounter): Problem[] {
  const rows = planText.split(/\r?\n/)
  const problems = new Map<string, Problem>()
  for (const error of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(error.pos[0])
    const unquoted = unquotedCondition((rows[line - 1] ?? '').slice(0, ROW_MAX), line)
    const problem = unquoted ?? problemAt(line, col, sentence(error.code, error.message), null)
    // One cause makes several errors on its line; an unquoted `is` explains them all.
    const place = unquoted ? `${line}` : `${line}:${col}`
    if (problems.has(`${line}`) || problems.has(place)) continue
    problems.set(place, problem)
    if (problems.size >= SYNTAX_PROBLEMS_MAX) break
  }
  return [...problems.values()]
}

/** `is: >= 95%` is a block scalar to YAML. */
function unquotedCondition(row: string, line: number): Problem | null {
  const match = /^(.*?[\s{,]is:\s+)([<>=!][^"',}#]*)/.exec(` ${row}`)
  if (!match) return null
  const condition = match[2]!.trim()
  return problemAt(line, match[1]!.length, `${condition} is not quoted: YAML gives > and ! meanings of its own`, `"${condition}"`, 'is')
}

function sentence(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab can\'t indent YAML: use spaces'
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return 'this value holds ": " or is indented like a map: quote it, or put it right'
  if (code === 'MULTIPLE_DOCS') return 'a plan is one document: there is a second one after ---'
  if (code === 'TAG_RESOLVE_FAILED') return 'a plan uses no tags (words beginning with !)'
  return `not YAML: ${message}`
}

function problemAt(line: number, column: number, message: string, suggestion: string | null, path = ''): Problem {
  return { severity: 'error', line: Math.max(1, line), column: Math.max(1, column), path, message, suggestion }
}
