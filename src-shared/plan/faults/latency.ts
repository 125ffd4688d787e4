/** Messages arrive late: one way, each chunk by latency ± up to jitter, in order. */
import { duration } from '../field'
import { formatDuration } from '../units'
import { defineFault } from './fault'
import { pathParameter, toxics } from './toxic'

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
  },
  targets: 'nodes or links',
  takesOut: 'nothing',
  build: (base, { latency: latencyMs, jitter: jitterMs, path }) => ({ ...base, fault: 'latency', latencyMs, jitterMs, path }),
  conflict: (spec) => jitterConflict(spec.latencyMs, spec.jitterMs),
  calls: (spec, drawn, clientGroup) =>
    toxics(spec.id, { type: 'latency', attributes: { latency: spec.latencyMs, jitter: spec.jitterMs } }, drawn, clientGroup),
})

/** With more jitter than latency the negative part is sent at once, and the mean is no longer the latency. */
export function jitterConflict(latencyMs: number, jitterMs: number): { parameter: string; message: string; suggestion: string } | null {
  if (jitterMs <= latencyMs) return null
  return {
    parameter: 'jitter',
    message: `jitter ${formatDuration(jitterMs)} is more than latency ${formatDuration(latencyMs)}`,
    suggestion: formatDuration(latencyMs),
  }
}
