/** Who is a member, by the newest configuration that any node has told of: it may be not committed yet. */
import type { RunEvent } from '@shared/run/event'

type MembershipEvent = Extract<RunEvent, { kind: 'membership' }>

export class Members {
  outgoing: readonly string[] = []
  private term = 0
  private index = 0

  constructor(
    public voters: readonly string[],
    public learners: readonly string[] = [],
  ) {}

  /** @returns whether this is the newest word */
  take({ term, index, voters, outgoing, learners }: MembershipEvent): boolean {
    if (term < this.term || (term === this.term && index < this.index)) return false
    Object.assign(this, { term, index, voters, outgoing, learners })
    return true
  }

  /** with a vote or without */
  has(id: string): boolean {
    return this.hasVote(id) || this.learners.includes(id)
  }

  hasVote(id: string): boolean {
    return this.voters.includes(id) || this.outgoing.includes(id)
  }
}
