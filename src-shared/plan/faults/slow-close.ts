/** The end of a connection comes late: one side has closed it, and the other doesn't know yet. */
import { duration } from '../field'
import { defineFault } from './fault'
import { pathParameter, streamConflict, streamParameter, touchesPath, toxics } from './toxic'

export const slowClose = defineFault({
  kind: 'slow-close',
  family: 'network',
  help: 'tells the other side late that a connection was closed',
  caution: 'Nothing shows while connections stay open: combine it with a crash or with requests on connections of their own',
  alsoCalled: ['slow_close', 'slowclose', 'late-close', 'half-open', 'linger'],
  parameters: {
    delay: duration({ help: 'how much later the other side learns of it', min: 1, max: 60_000 }),
    path: pathParameter,
    stream: streamParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  takesOut: () => 'nothing',
  conflict: streamConflict,
  calls: (scene) => toxics(scene, { type: 'slow_close', attributes: { delay: scene.values.delay } }, scene.values.stream),
})
