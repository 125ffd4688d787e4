/** A connection ends in the middle of what it carries. */
import { size } from '../field'
import { defineFault } from './fault'
import { pathParameter, streamConflict, streamParameter, touchesPath, toxics } from './toxic'

/** With less than this no hello and no request gets through, and the link is as good as cut. */
const USEFUL_BYTES_MIN = 1_000

export const limit = defineFault({
  kind: 'limit',
  family: 'network',
  help: 'closes a connection after so many bytes, in the middle of what it carries; the next one gets as many',
  caution: 'A message longer than this never arrives, however often it is sent again',
  alsoCalled: ['limit_data', 'limit-data', 'cut-after', 'truncate'],
  parameters: {
    bytes: size({ help: 'what one connection carries before it is closed, e.g. 20KB', min: 1, max: 1e9 }),
    path: pathParameter,
    stream: streamParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  takesOut: ({ bytes }) => (bytes < USEFUL_BYTES_MIN ? 'links' : 'nothing'),
  conflict: streamConflict,
  calls: (scene) => toxics(scene, { type: 'limit_data', attributes: { bytes: scene.values.bytes } }, scene.values.stream),
})
