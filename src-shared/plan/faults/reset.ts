/** Connections end with a reset as soon as something is sent on them. */
import { duration } from '../field'
import { defineFault } from './fault'
import { pathParameter, streamConflict, streamParameter, touchesPath, toxics } from './toxic'

export const reset = defineFault({
  kind: 'reset',
  family: 'network',
  help: 'resets a connection once something is sent on it; those that follow fare the same until the fault ends',
  caution: 'Only connections made after it began end with a reset (RST); older ones are closed in good order (FIN)',
  alsoCalled: ['rst', 'reset_peer', 'reset-peer', 'connection-reset', 'abort'],
  parameters: {
    delay: duration({ help: 'how long a connection lives after the first bytes on it', initial: 0, min: 0, max: 60_000 }),
    path: pathParameter,
    stream: streamParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  takesOut: () => 'links', // what is sent meanwhile gets nowhere
  conflict: streamConflict,
  calls: (scene) => toxics(scene, { type: 'reset_peer', attributes: { timeout: scene.values.delay } }, scene.values.stream),
})
