/** A rolling restart is seen by its first exit; it is gone when all that were stopped serve. Its size is the time down. */
import { observer } from './fault'
import { allServe, endsOf, timeDown } from './process'

export const rollingRestart = observer<{ down: number }>({
  withinMs: 5_000,
  isThere(observation) {
    const { nodes } = observation.drawn
    return endsOf(observation).length > 0 ? `${nodes[0]} stopped in good order, ${nodes.length - 1} more to go` : null
  },
  isGone: allServe,
  size: (observation) => timeDown(observation, observation.values.down),
})
