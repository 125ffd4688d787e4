/** Where words go: with --json one document on stdout and everything else on stderr. */
import type { Problem } from '@shared/plan/plan'

export interface Output {
  /** for people; on stdout unless --json */
  line(text: string): void
  /** the document of --json; nothing without */
  document(value: unknown): void
}

export function outputOf(json: boolean): Output {
  return {
    line: (text) => void (json ? process.stderr : process.stdout).write(`${text}\n`),
    document: (value) => void (json && process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)),
  }
}

export function problemLine(file: string, problem: Problem): string {
  const hint = problem.suggestion ? ` (${problem.suggestion})` : ''
  return `${file}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.path ? `${problem.path}: ` : ''}${problem.message}${hint}`
}

/** What a failed verb prints. */
export function printFailure(json: boolean, error: { code: string; message: string; remedy: string | null; problems?: Problem[] }): void {
  if (json) process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`)
  process.stderr.write(`faultline: ${error.message}\n${error.remedy ? `  ${error.remedy}\n` : ''}`)
}
