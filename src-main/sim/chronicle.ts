/** Which of the core's own events a world has met: elections, changes of members, transfers, timeouts. */
import type { CoreEvent, LogIndex, Term } from '../raft/types'
import type { Coverage } from './coverage'

/** The last step of a change of members, as the leader that appended it told it; finished only when it is committed. */
interface LastStep {
  index: LogIndex
  term: Term
  voters: number
}

export class Chronicle {
  readonly #lastSteps: LastStep[] = []

  /** @param voters how many there are at the start */
  constructor(
    private readonly coverage: Coverage,
    private readonly voters: number,
  ) {}

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
        if (!isLeader) return
        if (event.stage === 'undone') coverage.met('membership change undone')
        if (event.stage === 'final') this.#lastSteps.push({ index: event.index, term: event.term, voters: event.membership.voters.length })
    }
  }

  /** The world is over. @param isCommitted whether this very entry is */
  end(isCommitted: (index: LogIndex, term: Term) => boolean): void {
    const { coverage } = this
    let { voters } = this
    for (const step of this.#lastSteps.sort((a, b) => a.index - b.index)) {
      if (!isCommitted(step.index, step.term)) continue
      coverage.met('membership change finished')
      if (step.voters !== voters) coverage.met(voters < step.voters ? 'node added' : 'node removed')
      voters = step.voters
    }
  }
}
