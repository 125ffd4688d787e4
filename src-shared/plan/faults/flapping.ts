/** A link that goes and comes: cut at the start of each period, whole for the rest of it. */
import { choice, duration, percentage } from '../field'
import type { Call } from '../schedule'
import { cut, type CutMode } from './cut'
import { defineFault } from './fault'
import { PERIODS_MAX, periodsOf } from './period'
import { pathParameter, touchesPath } from './toxic'

/** What is shorter takes no longer than the calls that make it, and than a busy machine is silent by itself. */
export const MEASURED_MS_MIN = 50

export const flapping = defineFault({
  kind: 'flapping',
  family: 'network',
  help: 'cuts links at the start of each period and heals them for the rest of it',
  caution: `A call takes some milliseconds on each link, so many links do not go down at one moment. At most ${PERIODS_MAX} periods. A cut under ${MEASURED_MS_MIN} ms has no measured size`,
  alsoCalled: ['flap', 'flapping-link', 'intermittent', 'flaky', 'unstable'],
  parameters: {
    period: duration({ help: 'from one cut to the next', min: 200, max: 600_000 }),
    duty: percentage({ help: 'share of each period in which the link is cut', initial: 0.5, min: 0.05, max: 0.95 }),
    mode: choice<CutMode>({ help: 'what becomes of the bytes meanwhile', initial: 'drop', options: ['stall', 'drop', 'refuse'] }),
    path: pathParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  takesOut: () => 'links',
  calls(scene) {
    const { period, duty, mode } = scene.values
    const once = cut(mode, scene)
    const healMs = Math.round(period * duty)
    const at = (calls: Call[], afterMs: number): Call[] => (afterMs === 0 ? calls : calls.map((call) => ({ ...call, after_ms: afterMs })))
    const calls = periodsOf(period, scene.durationMs).flatMap((startMs) => [
      ...at(once.calls, startMs),
      ...(startMs + healMs < scene.durationMs ? at(once.undo, startMs + healMs) : []),
    ])
    return { calls, undo: once.undo }
  },
})
