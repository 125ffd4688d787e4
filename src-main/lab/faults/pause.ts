/** A pause is seen in the kernel's process state, and is gone when the node reports again. */
import { isStopped } from '../../janitor/identity'
import type { FaultObserver } from './fault'

export const pause: FaultObserver = {
  withinMs: 2_000,
  isThere({ cluster, drawn }) {
    const stopped = drawn.nodes.every((id) => {
      const { pid } = cluster.node(id)
      return pid !== null && isStopped(pid)
    })
    return stopped ? `${drawn.nodes.join(', ')} stopped (process state T)` : null
  },
  isGone({ cluster, drawn, acknowledgedNs }) {
    const reporting = drawn.nodes.every((id) => {
      const { pid, sample } = cluster.node(id)
      return pid !== null && !isStopped(pid) && (sample?.atNs ?? 0) > acknowledgedNs
    })
    return reporting ? `${drawn.nodes.join(', ')} runs and reports` : null
  },
}
