/**
 * What must be true of a whole cluster at every step, checked from outside the core: from what it hands out, what it
 * sends and what the disks hold.
 */
import type { Entry, HardState, LogIndex, Membership, Message, NodeId, SnapshotMeta, Term } from '../../../src-main/raft/types'

/**
 * `entries[i]` has index i + 1, also what a snapshot covers. They lie beside a snapshot that is newer until the write
 * that begins the log anew: then only the snapshot counts.
 */
export interface Disk {
  hardState: HardState
  entries: Entry[]
  snapshot?: SnapshotMeta | null
}

/** Whether this disk has the entry, in its log or covered by its snapshot. */
function holds({ snapshot, entries }: Disk, { index, term }: Entry): boolean {
  if (!snapshot) return entries[index - 1]?.term === term
  const isOneHistory = entries[snapshot.index - 1]?.term === snapshot.term
  return index <= snapshot.index || (isOneHistory && entries[index - 1]?.term === term)
}

function isQuorum({ voters, outgoing }: Membership, holders: readonly NodeId[]): boolean {
  const isMajority = (set: readonly NodeId[]): boolean => set.filter((id) => holders.includes(id)).length * 2 > set.length
  return isMajority(voters) && (outgoing.length === 0 || isMajority(outgoing))
}

export class Violation extends Error {
  override name = 'Violation'
  constructor(
    readonly invariant: string,
    detail: string,
  ) {
    super(`${invariant}: ${detail}`)
  }
}

function violated(invariant: string, detail: string): never {
  throw new Violation(invariant, detail)
}

export class Invariants {
  /** every entry that some node knew to be committed, and the term it was committed in */
  readonly committed: { entry: Entry; inTerm: Term }[] = []
  readonly #leaders = new Map<Term, NodeId>()
  readonly #votes = new Map<string, NodeId>()
  /** (index, term) → the entry and the term before it */
  readonly #seen = new Map<string, { entry: Entry; prevTerm: Term }>()
  readonly #disks: () => { id: NodeId; disk: Disk }[]

  constructor(disks: () => { id: NodeId; disk: Disk }[]) {
    this.#disks = disks
  }

  /** Election safety (Raft fig. 3), and leader completeness: what was committed in earlier terms is in a new leader's log. */
  leads(node: NodeId, term: Term, log: readonly Entry[]): void {
    const other = this.#leaders.get(term)
    if (other !== undefined && other !== node) violated('one leader a term', `${other} and ${node} in term ${term}`)
    this.#leaders.set(term, node)
    for (const { entry, inTerm } of this.committed) {
      if (inTerm >= term || log[entry.index - 1]?.term === entry.term) continue
      violated('leader completeness', `${node} leads term ${term} without entry ${entry.index} of term ${entry.term}`)
    }
  }

  /** Log matching, by induction: an (index, term) is one entry, after one (index − 1, term). */
  appended(node: NodeId, log: readonly Entry[], from: LogIndex): void {
    for (let index = from; index <= log.length; index++) {
      const entry = log[index - 1]!
      const prevTerm = log[index - 2]?.term ?? 0
      const key = `${index}/${entry.term}`
      const seen = this.#seen.get(key)
      if (!seen) this.#seen.set(key, { entry, prevTerm })
      else if (seen.entry.data !== entry.data || seen.prevTerm !== prevTerm) violated('log matching', `${node} at ${key}`)
    }
  }

  /**
   * State machine safety, and that a quorum of its configuration holds on disk what is committed. One input may commit
   * in one configuration and then enter the next: `members` has both.
   */
  commits(node: NodeId, term: Term, members: readonly Membership[], log: readonly Entry[], from: LogIndex, to: LogIndex): void {
    if (to < from) violated('commit never falls', `${node} from ${from} to ${to}`)
    for (let index = from + 1; index <= to; index++) {
      const entry = log[index - 1]
      if (!entry) violated('commit within the log', `${node} commits ${index} of ${log.length}`)
      const known = this.committed[index - 1]
      if (known && known.entry.term !== entry.term) {
        violated('state machine safety', `entry ${index}: term ${known.entry.term} was committed, ${node} commits ${entry.term}`)
      }
      if (known) continue
      this.committed.push({ entry, inTerm: term })
      const holders = this.#disks().filter(({ disk }) => holds(disk, entry)).map(({ id }) => id)
      if (members.some((membership) => isQuorum(membership, holders))) continue
      violated('committed is durable on a quorum', `entry ${index}, on ${holders.join(' ')} of ${JSON.stringify(members)}`)
    }
  }

  applies(node: NodeId, entry: Entry, disk: Disk): void {
    if (this.committed[entry.index - 1]?.entry.term !== entry.term) violated('applied ≤ commit', `${node} applies ${entry.index}`)
    if (!holds(disk, entry)) violated('applied is durable', `${node} applies ${entry.index}`)
  }

  /** Nothing is sent before what it promises is durable at its sender; one vote a term, across restarts. */
  sends(message: Message, disk: Disk): void {
    const { from, to, term } = message
    if (message.type === 'vote' && !message.pre) this.#promisesVote(from, term, from, disk)
    if (message.type === 'voteReply' && !message.pre && message.granted) this.#promisesVote(from, term, to, disk)
    if (message.type === 'append' && disk.hardState.term < term) violated('durable before sent', `${from} leads term ${term}`)
    const reach = Math.max(disk.entries.length, disk.snapshot?.index ?? 0)
    if (message.type === 'appendReply' && (disk.hardState.term < term || (message.accepted && reach < message.match))) {
      violated('durable before sent', `${from} promises entries to ${message.match} in term ${term}, has ${disk.entries.length}`)
    }
  }

  /** Linearizability of ReadIndex: the answer includes everything committed before the read was asked. */
  reads(node: NodeId, index: LogIndex, committedWhenAsked: LogIndex): void {
    if (index < committedWhenAsked) violated('no stale read', `${node} reads at ${index}, ${committedWhenAsked} was committed`)
  }

  #promisesVote(voter: NodeId, term: Term, candidate: NodeId, disk: Disk): void {
    const { hardState } = disk
    if (hardState.term < term || (hardState.term === term && hardState.vote !== candidate)) {
      violated('durable before sent', `${voter} votes for ${candidate} in ${term}, disk: ${hardState.vote} in ${hardState.term}`)
    }
    const key = `${voter}/${term}`
    const former = this.#votes.get(key)
    if (former !== undefined && former !== candidate) violated('one vote a term', `${voter} in ${term}: ${former}, ${candidate}`)
    this.#votes.set(key, candidate)
  }
}
