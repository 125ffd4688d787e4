/** What processes that ended and came back show: their exits, the time until they were started again, until they served. */
import type { FaultSize } from '@shared/run/event'
import type { Observation, Seen } from './fault'
import { sizeOf } from './size'

type Where = Pick<Observation, 'cluster' | 'drawn' | 'requestedNs'>

/** Ends of the target's processes since the fault was requested, in order of the targets. */
export function endsOf({ cluster, drawn, requestedNs }: Where) {
  return drawn.nodes.flatMap((id) => cluster.node(id).lives.endsSince(requestedNs))
}

/** Every target's process has ended since the fault was requested, however it goes on. */
export function allEnded(observation: Where, how: string): Seen {
  const { cluster, drawn, requestedNs } = observation
  const ended = drawn.nodes.every((id) => cluster.node(id).lives.endsSince(requestedNs).length > 0)
  return ended ? `${drawn.nodes.join(', ')} ${how}` : null
}

export function allServe({ cluster, drawn }: Where): Seen {
  const serve = drawn.nodes.every((id) => cluster.node(id).state === 'running')
  return serve ? `${drawn.nodes.join(', ')} replayed the log and serves` : null
}

/** From each exit to the start that followed it. */
export function timeDown(observation: Where, askedMs: number): FaultSize | null {
  const readings = endsOf(observation).flatMap(({ exitedNs, next }) => (next ? [(next.startedNs - exitedNs) / 1e6] : []))
  return sizeOf('time without a process', askedMs, readings, 'ms')
}
