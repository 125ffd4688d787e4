/** A node process is restarted and takes long before it serves, as with a huge log or a cold cache. */
import type { Call } from '../schedule'
import { duration } from '../field'
import { defineFault } from './fault'
import { startOf, stopOf } from './process'

export const slowStart = defineFault({
  kind: 'slow-start',
  family: 'process',
  help: 'restarts the node process; this and every other start while the fault lasts takes so much longer before it serves',
  caution: 'the process waits by itself before it replays its log: no more work is done, nothing else is slowed',
  alsoCalled: ['slowstart', 'cold-start', 'slow-boot'],
  parameters: {
    delay: duration({ help: 'how much longer a start takes', min: 100, max: 600_000, usual: 's' }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls({ id, drawn: { nodes }, values: { delay } }) {
    const harm = (node: string, to: { kind: 'slow-start'; delayMs: number } | null): Call => ({ method: 'NODE', path: node, body: { id, harm: to } })
    return {
      calls: [...nodes.map((node) => harm(node, { kind: 'slow-start', delayMs: delay })), ...nodes.map(stopOf), ...nodes.map(startOf)],
      undo: nodes.toReversed().flatMap((node) => [startOf(node), harm(node, null)]),
    }
  },
})
