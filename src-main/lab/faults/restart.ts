/** A restart is seen by the exit of the process in good order, and is gone when a new life of the node serves again. */
import { observer } from './fault'
import { allEnded, allServe, timeDown } from './process'

export const restart = observer<{ down: number }>({
  withinMs: 5_000,
  isThere: (observation) => allEnded(observation, 'stopped in good order'),
  isGone: allServe,
  size: (observation) => timeDown(observation, observation.values.down),
})
