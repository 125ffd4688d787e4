/** A node process ends without a word and is started again, with its data: after a time, or when the fault ends. */
import { duration, optional } from '../field'
import type { Call } from '../schedule'
import { defineFault } from './fault'
import { signals, startOf } from './process'

export const crash = defineFault({
  kind: 'crash',
  family: 'process',
  help: 'ends the node process with SIGKILL; it is started again when the fault ends, or earlier',
  alsoCalled: ['kill', 'sigkill', 'terminate', 'die'],
  parameters: {
    restart: optional(duration({ help: 'started again so long after the kill; absent: when the fault ends', min: 100, max: 3_600_000, usual: 's' })),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls({ drawn, durationMs, values: { restart } }) {
    const killed = signals(drawn, 'SIGKILL', startOf)
    if (restart === null || restart >= durationMs) return killed
    return { ...killed, calls: [...killed.calls, ...drawn.nodes.map((node): Call => ({ ...startOf(node), after_ms: restart }))] }
  },
})
