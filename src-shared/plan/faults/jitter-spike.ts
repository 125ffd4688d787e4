/** A link that is fast, and for moments slow: at fixed times, so that a repetition has the same ones. */
import { duration } from '../field'
import type { Call } from '../schedule'
import { formatDuration } from '../units'
import { type Conflict, defineFault } from './fault'
import { LATENCY_MS_MAX } from './latency'
import { PERIODS_MAX, periodsOf } from './period'
import { pathParameter, streamConflict, streamParameter, touchesPath, toxics } from './toxic'

interface Shape {
  base: number
  spike: number
  period: number
  width: number
}

export const jitterSpike = defineFault({
  kind: 'jitter-spike',
  family: 'network',
  help: 'delays what travels on a link, one way, by much more for a moment at the start of each period',
  caution: `What is under way when a spike ends arrives at once. At most ${PERIODS_MAX} periods; after them the delay stays at base`,
  alsoCalled: ['spikes', 'latency-spike', 'jitter_spike', 'hiccup'],
  parameters: {
    base: duration({ help: 'delay one way between the spikes', initial: 0, min: 0, max: LATENCY_MS_MAX }),
    spike: duration({ help: 'delay one way in a spike', min: 1, max: LATENCY_MS_MAX }),
    period: duration({ help: 'from the start of a spike to the start of the next', min: 200, max: 600_000 }),
    width: duration({ help: 'how long a spike lasts', min: 50, max: 600_000 }),
    path: pathParameter,
    stream: streamParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  takesOut: () => 'nothing',
  delayMs: ({ spike, path }) => (path === 'peer' ? spike : 0),
  conflict: (values) => shapeConflict(values) ?? streamConflict(values),
  calls(scene) {
    const { base, spike, period, width, stream } = scene.values
    const made = toxics(scene, { type: 'latency', attributes: { latency: spike, jitter: 0 } }, stream)
    const to = (latency: number, afterMs: number): Call[] => made.calls.map((call) => patched(call, latency, afterMs))
    const rest = periodsOf(period, scene.durationMs).flatMap((startMs) => [
      ...(startMs === 0 ? [] : to(spike, startMs)),
      ...(startMs + width < scene.durationMs ? to(base, startMs + width) : []),
    ])
    return { calls: [...made.calls, ...rest], undo: made.undo }
  },
})

/** The toxic stays and is changed: taking it away and adding it again would let what waits through twice as often. */
function patched(addition: Call, latency: number, afterMs: number): Call {
  const body = addition.body as { name: string }
  return { method: 'PATCH', path: `${addition.path}/${body.name}`, body: { ...body, attributes: { latency, jitter: 0 } }, after_ms: afterMs }
}

function shapeConflict({ base, spike, period, width }: Shape): Conflict | null {
  if (spike <= base) {
    const message = `a spike of ${formatDuration(spike)} is not above base ${formatDuration(base)}`
    return { parameter: 'spike', message, suggestion: formatDuration(Math.min(LATENCY_MS_MAX, 10 * base)) }
  }
  if (width < period) return null
  const message = `a spike that lasts ${formatDuration(width)} leaves nothing of a period of ${formatDuration(period)}`
  return { parameter: 'width', message, suggestion: formatDuration(Math.max(50, Math.floor(period / 4))) }
}
