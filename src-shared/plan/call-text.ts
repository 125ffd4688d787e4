/** A call as one line, for people: `POST /proxies/n1-n2/toxics {…}`, with what it waits for. */
import type { Call } from './schedule'
import { formatDuration } from './units'

export function callText({ method, path, body, after_ms, gap_ms }: Call): string {
  const waits = [after_ms === undefined ? '' : `at ${formatDuration(after_ms)}: `, gap_ms === undefined ? '' : `${formatDuration(gap_ms)} later: `]
  const what = body === null || body === undefined ? '' : ` ${JSON.stringify(body)}`
  return `${waits.join('')}${method} ${path}${what}`
}
