/** The shape of a membership; what can be asked about one is in `sets.ts`. */

export type NodeId = string

/** Who takes part; what an entry of type `config` says, effective as soon as it is in a log (Raft §6). */
export interface Membership {
  readonly voters: readonly NodeId[]
  /** the voters before, while both sets have to agree (joint consensus); else empty */
  readonly outgoing: readonly NodeId[]
  /** get the log, have no vote */
  readonly learners: readonly NodeId[]
  /** the learner that becomes a voter once it has caught up; in the log, so that the next leader carries it through */
  readonly joining?: NodeId
  /** while a voter comes: the learners before that began, which undoing it goes back to; in the log for the same reason */
  readonly learnersBefore?: readonly NodeId[]
}
