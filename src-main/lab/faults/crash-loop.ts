/** A crash loop is seen by the first exit; its size is how long the process was left alone between two of them. */
import { observer } from './fault'
import { allEnded, allServe, endsOf } from './process'
import { sizeOf } from './size'

export const crashLoop = observer<{ period: number; up: number }>({
  withinMs: 2_000,
  isThere: (observation) => allEnded(observation, 'exited by SIGKILL, not for the last time'),
  isGone: allServe,
  size(observation) {
    const { up } = observation.values
    const lived = endsOf(observation).flatMap(({ next }) => (next?.exitedNs == null ? [] : [(next.exitedNs - next.startedNs) / 1e6]))
    return sizeOf('time from a start to the next kill', up, lived, 'ms')
  },
})
