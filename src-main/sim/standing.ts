/** Where a node stands as its core tells it: role, term, leader and commit, each change noted and checked. */
import type { CoreEvent, LogIndex, Membership, NodeId, Raft, Ready, Role, Term } from '../raft/types'
import type { Host } from './surroundings'
import { violated } from './violation'

export class Standing {
  role: Role = 'follower'
  term: Term = 0
  leader: NodeId | null = null
  commit: LogIndex = 0
  /** the members as of the last look, null after a start */
  #members: Membership | null = null

  constructor(private readonly node: Host) {}

  /** A life begins at this snapshot. */
  restarts(index: LogIndex): void {
    this.commit = index
    this.role = 'follower'
    this.leader = null
    this.#members = null
  }

  changed(event: Extract<CoreEvent, { kind: 'role' }>, { persist }: Ready): void {
    const { id, number, raft, memory } = this.node
    const { invariants, hash, coverage, agenda } = this.node.around
    hash.number(agenda.nowMs)
    hash.word(event.term * 8 + number)
    hash.text(event.role)
    invariants.inTerm(id, event.term)
    this.role = event.role
    this.term = event.term
    this.leader = event.leader
    if (event.role !== 'leader') return
    coverage.met('leader elected')
    const isBegun = persist?.entries.some(({ type, term }) => type === 'noop' && term === event.term)
    if (isBegun !== true) violated('a leader begins with a no-op', `${id} in term ${event.term}`)
    invariants.elected(id, event.term, raft!.status().membership)
    invariants.leads(id, event.term, (index) => memory.term(index), memory.baseIndex)
  }

  /** Looks at how far the core has committed by now. */
  noteCommit(raft: Raft): void {
    const { commit, term, membership, role } = raft.status()
    const before = this.#members ?? membership
    this.#members = membership
    if (commit === this.commit) return
    const { id, memory, around } = this.node
    // figure 8: an older entry on a majority may still be overwritten
    if (role === 'leader' && memory.term(commit) !== term) violated('a leader counts only entries of its term', `${id} at ${commit}`)
    const quorums = before === membership ? [membership] : [before, membership]
    around.invariants.commits(id, term, (index) => memory.entries[index - memory.baseIndex - 1] ?? null, this.commit, commit, quorums)
    this.commit = commit
  }
}
