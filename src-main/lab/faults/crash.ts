/** A crash is seen by the exit of the process, and is gone when a new life of the node serves again. */
import { observer } from './fault'
import { allEnded, allServe, timeDown } from './process'

export const crash = observer<{ restart: number | null }>({
  withinMs: 2_000,
  isThere: (observation) => allEnded(observation, 'exited by SIGKILL'),
  isGone: allServe,
  size: (observation) => (observation.values.restart === null ? null : timeDown(observation, observation.values.restart)),
})
