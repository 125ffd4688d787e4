/** A node process dies again and again, each time soon after it was started. */
import { duration } from '../field'
import { formatDuration } from '../units'
import type { Call } from '../schedule'
import { defineFault } from './fault'
import { startOf } from './process'

export const crashLoop = defineFault({
  kind: 'crash-loop',
  family: 'process',
  help: 'kills the node process with SIGKILL once a period, and starts it again in between',
  caution: 'a process needs some tenths of a second, with a long log more, before it serves: a shorter `up` never lets it come back',
  alsoCalled: ['crashloop', 'crash-loop-backoff', 'restart-loop'],
  parameters: {
    period: duration({ help: 'from one kill to the next', min: 500, max: 600_000, usual: 's' }),
    up: duration({ help: 'from each start to the next kill, less than period', min: 100, max: 600_000, usual: 's' }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  conflict({ period, up }) {
    if (up < period) return null
    return { parameter: 'up', message: `up ${formatDuration(up)} is not less than period ${formatDuration(period)}`, suggestion: formatDuration(period / 2) }
  },
  calls({ drawn: { nodes }, durationMs, values: { period, up } }) {
    const calls: Call[] = []
    for (let atMs = 0; atMs < durationMs; atMs += period) {
      const at = (after_ms: number) => (call: Call): Call => (after_ms === 0 ? call : { ...call, after_ms })
      calls.push(...nodes.map((node): Call => ({ method: 'SIGNAL', path: node, body: 'SIGKILL' })).map(at(atMs)))
      if (atMs + period < durationMs) calls.push(...nodes.map(startOf).map(at(atMs + period - up)))
    }
    return { calls, undo: nodes.toReversed().map(startOf) }
  },
})
