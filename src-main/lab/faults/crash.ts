/** A crash is seen by the exit of the process, and is gone when a new life of the node serves again. */
import type { FaultObserver } from './fault'

export const crash: FaultObserver = {
  withinMs: 2_000,
  isThere({ cluster, drawn }) {
    const alive = drawn.nodes.filter((id) => cluster.node(id).child !== null)
    return alive.length === 0 ? `${drawn.nodes.join(', ')} exited by SIGKILL` : null
  },
  isGone({ cluster, drawn }) {
    const serving = drawn.nodes.every((id) => cluster.node(id).state === 'running')
    return serving ? `${drawn.nodes.join(', ')} replayed the log and serves` : null
  },
}
