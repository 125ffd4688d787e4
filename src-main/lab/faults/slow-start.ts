/** A slow start is seen when a process of the target took its time before it served; gone when the node serves. */
import { observer, type Observation } from './fault'
import { allServe } from './process'
import { sizeOf } from './size'

export const slowStart = observer<{ delay: number }>({
  withinMs: 605_000, // the longest delay, and then the start itself
  isThere(observation) {
    const { drawn, values } = observation
    const took = startsMs(observation, true)
    if (took.length < drawn.nodes.length) return null
    return took.every((ms) => ms >= values.delay) ? `${drawn.nodes.join(', ')} served ${Math.max(...took).toFixed(0)} ms after the start` : null
  },
  isGone: allServe,
  size(observation) {
    const usualMs = startsMs(observation, false)
    const usual = usualMs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, usualMs.length)
    return sizeOf('start longer than before', observation.values.delay, startsMs(observation, true).map((ms) => ms - usual), 'ms')
  },
})

/** From start to serving: of the lives since the request, or of those before it. */
function startsMs({ cluster, drawn, requestedNs }: Observation<{ delay: number }>, isSince: boolean): number[] {
  return drawn.nodes.flatMap((id) =>
    cluster.node(id).lives.list.flatMap(({ startedNs, readyNs }) =>
      readyNs !== null && startedNs >= requestedNs === isSince ? [(readyNs - startedNs) / 1e6] : [],
    ),
  )
}
