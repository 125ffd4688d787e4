/** A link carries only so many bytes a second. */
import { throughput } from '../field'
import { defineFault } from './fault'
import { pathParameter, streamConflict, streamParameter, touchesPath, toxics } from './toxic'

/** Toxiproxy counts in KB of 1000 bytes; its 0 is a stall, which is a partition here */
const BYTES_A_KB = 1_000

export const bandwidth = defineFault({
  kind: 'bandwidth',
  family: 'network',
  help: 'lets only so many bytes a second through a link; what comes faster waits, and nothing is lost',
  caution: 'The rate holds for each connection by itself: many clients on one path each have it',
  alsoCalled: ['throttle', 'throughput', 'narrow', 'rate-limit', 'slow-link'],
  parameters: {
    rate: throughput({ help: 'bytes a second each way it acts on, e.g. 100KB/s', min: BYTES_A_KB, max: 1e9, whole: BYTES_A_KB }),
    path: pathParameter,
    stream: streamParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  takesOut: () => 'nothing',
  conflict: streamConflict,
  calls: (scene) => toxics(scene, { type: 'bandwidth', attributes: { rate: scene.values.rate / BYTES_A_KB } }, scene.values.stream),
})
