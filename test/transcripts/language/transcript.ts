/**
 * The text of a transcript: prose in lines that start with `#`, and blocks of commands, `----`, what came of them.
 * Reading and writing it back leaves everything but the outcomes as it was.
 */

export interface Block {
  kind: 'block'
  /** as written, remarks among them included */
  lines: string[]
  /** line of its first command in the file, from 1 */
  line: number
  outcome: string[]
}

interface Prose {
  kind: 'prose'
  lines: string[]
}

export type Part = Block | Prose

const SEPARATOR = '----'
/** an outcome is never empty: a reader should see that nothing happened, not wonder whether something is missing */
export const NOTHING = 'nothing'

/** @throws when the first line is no sentence, or commands have no `----` */
export function parseTranscript(text: string): Part[] {
  const lines = text.replace(/\n$/, '').split('\n')
  if (!/^# \S/.test(lines[0] ?? '')) throw new Error('line 1: a transcript opens with `# ` and a sentence on what it shows')
  const parts: Part[] = []
  let at = 0
  while (at < lines.length) {
    const prose: string[] = []
    while (at < lines.length && isProse(lines[at]!)) prose.push(lines[at++]!)
    if (prose.length > 0) parts.push({ kind: 'prose', lines: prose })
    if (at === lines.length) break
    const line = at + 1
    const commands: string[] = []
    while (at < lines.length && lines[at] !== SEPARATOR && lines[at] !== '') commands.push(lines[at++]!)
    if (lines[at] !== SEPARATOR) throw new Error(`line ${line}: these commands have no \`${SEPARATOR}\` below them`)
    at++
    const outcome: string[] = []
    while (at < lines.length && lines[at] !== '') outcome.push(lines[at++]!)
    parts.push({ kind: 'block', lines: commands, line, outcome })
  }
  return parts
}

/** @returns the file again, with these outcomes */
export function printTranscript(parts: readonly Part[]): string {
  const lines = parts.flatMap((part) => (part.kind === 'prose' ? part.lines : [...part.lines, SEPARATOR, ...part.outcome]))
  return `${lines.join('\n')}\n`
}

/** @returns the commands of a block, each with its line in the file */
export function commandsOf({ lines, line }: Block): { text: string; line: number }[] {
  return lines.map((text, i) => ({ text, line: line + i })).filter(({ text }) => !text.startsWith('#'))
}

function isProse(line: string): boolean {
  return line === '' || line.startsWith('#')
}
