/** A limit is seen by connections of ours that go on sending until they are closed. */
import { carriedOnPathProbe } from '../probes/client-path'
import { carriedProbe } from '../probes/link'
import { type OnPath, probed, valuesOf } from './probed'
import { sizeOf } from './size'

interface Values extends OnPath {
  bytes: number
}

const EVERY_MS = 1_000
const DEADLINE_MS = 4_000
/** so many pieces make a limit: its size is known to half a piece */
const PIECES = 50
/** a connection that carries so much more is not limited */
const BEYOND = 1.5

export const limit = probed<Values>({
  withinMs: () => 2 * (EVERY_MS + DEADLINE_MS),
  onLink: (link, { bytes }) => carriedProbe(link, EVERY_MS, DEADLINE_MS, Math.max(1, Math.round(bytes / PIECES)), BEYOND * bytes),
  onClientPath: (target, port, { bytes, stream }) =>
    carriedOnPathProbe(target, port, EVERY_MS, DEADLINE_MS, stream === 'up' ? 'requests' : 'answers', BEYOND * bytes),
  shows: ({ value }, { bytes }) => (value === null ? null : value < BEYOND * bytes),
  says: ({ value }) => `${value?.toFixed(0)} B on a connection`,
  size: (readings, { bytes }) => sizeOf('bytes of a connection', bytes, valuesOf(readings), 'B'),
})
