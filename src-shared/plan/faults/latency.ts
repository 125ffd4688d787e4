/** Messages arrive late: one way, each chunk by latency ± up to jitter, in order. */
import { duration } from '../field'
import { formatDuration } from '../units'
import { type Conflict, defineFault } from './fault'
import { pathParameter, streamConflict, streamParameter, touchesPath, toxics } from './toxic'

export const LATENCY_MS_MAX = 60_000

export const latency = defineFault({
  kind: 'latency',
  family: 'network',
  help: 'delays what travels on a link, one way, in whole milliseconds',
  alsoCalled: ['delay', 'slow', 'lag', 'jitter', 'slowdown'],
  parameters: {
    latency: duration({ help: 'delay one way, e.g. 100ms', min: 1, max: LATENCY_MS_MAX }),
    jitter: duration({ help: 'the delay varies by up to this much, at most latency', initial: 0, min: 0, max: LATENCY_MS_MAX }),
    path: pathParameter,
    stream: streamParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  takesOut: () => 'nothing',
  delayMs: ({ latency: latencyMs, path }) => (path === 'peer' ? latencyMs : 0),
  conflict: (values) => jitterConflict(values.latency, values.jitter) ?? streamConflict(values),
  calls: (scene) =>
    toxics(scene, { type: 'latency', attributes: { latency: scene.values.latency, jitter: scene.values.jitter } }, scene.values.stream),
})

/** With more jitter than latency the negative part is sent at once, and the mean is no longer the latency. */
export function jitterConflict(latencyMs: number, jitterMs: number): Conflict | null {
  if (jitterMs <= latencyMs) return null
  return {
    parameter: 'jitter',
    message: `jitter ${formatDuration(jitterMs)} is more than latency ${formatDuration(latencyMs)}`,
    suggestion: formatDuration(latencyMs),
  }
}
