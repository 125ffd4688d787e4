/** Which of the core's own events a world has met: elections, changes of members, transfers, timeouts. */
import type { CoreEvent, Membership } from '../raft/types'
import type { Coverage } from './coverage'

export class Chronicle {
  /** of the last change that was completed */
  #members: Membership | null = null

  constructor(private readonly coverage: Coverage) {}

  /** @param isLeader whether the node that tells it leads: what a follower repeats was met already */
  take(isLeader: boolean, event: CoreEvent): void {
    const { coverage } = this
    switch (event.kind) {
      case 'suspected':
        return coverage.met('leader suspected')
      case 'timeoutChanged':
        return coverage.met('timeout adapted')
      case 'transfer':
        if (event.stage === 'done') coverage.met('leadership transferred')
        else if (event.stage === 'given-up') coverage.met('leadership transfer given up')
        return
      case 'membership':
        if (isLeader && event.stage === 'final') this.#changed(event.membership)
    }
  }

  #changed(members: Membership): void {
    const { coverage } = this
    const before = this.#members?.voters.length
    this.#members = members
    coverage.met('membership changed')
    if (before !== undefined && before !== members.voters.length) coverage.met(before < members.voters.length ? 'node added' : 'node removed')
  }
}
