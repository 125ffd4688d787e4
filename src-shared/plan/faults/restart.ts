/** A node process is asked to stop, finishes its answers, closes its log, and is started again. */
import { duration } from '../field'
import { defineFault } from './fault'
import { startOf, stopOf } from './process'

export const restart = defineFault({
  kind: 'restart',
  family: 'process',
  help: 'stops the node process in good order and starts it again',
  alsoCalled: ['reboot', 'graceful-restart', 'bounce', 'sigterm'],
  parameters: {
    down: duration({ help: 'from its exit to its start', initial: 1000, min: 0, max: 3_600_000, usual: 's' }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls: ({ drawn: { nodes }, values: { down } }) => ({
    calls: [...nodes.map(stopOf), ...nodes.map((node, index) => ({ ...startOf(node), ...(index === 0 ? { gap_ms: down } : {}) }))],
    undo: nodes.toReversed().map(startOf),
  }),
})
