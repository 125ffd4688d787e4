/**
 * What must be true of a whole cluster at every step, checked from outside the core: from what it hands out, what it
 * sends, and what the disks hold. Each check looks only at what the step changed.
 */
import type { Applied } from '../node/state/machine'
import type { Entry, LogIndex, Message, NodeId, SnapshotMeta, Term } from '../raft/types'
import type { Durables } from './durables'
import { answerWord } from './answer-word'
import { violated } from './violation'

export interface Committed {
  entry: Entry
  /** term of the node that first knew it */
  inTerm: Term
  /** what the first state machine answered, as one word; null until one has applied it */
  answer: number | null
}

/** Voters whose majority decides; both sets while a change is under way. */
export interface Quorums {
  voters: readonly NodeId[]
  outgoing: readonly NodeId[]
}

/** More terms than any world reaches. */
const TERMS_MAX = 2 ** 20

export class Invariants {
  /** every entry that some node knew to be committed; `committed[i]` has index i + 1 */
  readonly committed: Committed[] = []
  readonly #leaders = new Map<Term, NodeId>()
  readonly #appenders = new Map<Term, NodeId>()
  readonly #votes = new Map<NodeId, Map<Term, NodeId>>()
  readonly #terms = new Map<NodeId, Term>()
  readonly #durableTerms = new Map<NodeId, Term>()
  /** (index, term) → the entry and the term before it */
  readonly #seen = new Map<number, { entry: Entry; prevTerm: Term }>()

  constructor(private readonly disk: (node: NodeId) => Durables) {}

  /** Elected by a majority of the votes of this very term, in each set of voters (Raft §5.2, §6). */
  elected(node: NodeId, term: Term, quorums: Quorums): void {
    for (const voters of [quorums.voters, quorums.outgoing]) {
      const votes = voters.filter((voter) => {
        const { hardState } = this.disk(voter)
        return this.#votes.get(voter)?.get(term) === node || (hardState.term === term && hardState.vote === node)
      })
      if (voters.length > 0 && votes.length * 2 <= voters.length) {
        violated('a leader has a majority of votes', `${node} leads term ${term} by ${votes.length} of ${voters.length} votes`)
      }
    }
  }

  /** Election safety, and leader completeness: what was committed in earlier terms is in a new leader's log (Raft fig. 3). */
  leads(node: NodeId, term: Term, termAt: (index: LogIndex) => Term | null, base: LogIndex): void {
    const other = this.#leaders.get(term)
    if (other !== undefined && other !== node) violated('one leader a term', `${other} and ${node} in term ${term}`)
    this.#leaders.set(term, node)
    for (let index = base + 1; index <= this.committed.length; index++) {
      const { entry, inTerm } = this.committed[index - 1]!
      if (inTerm >= term || termAt(index) === entry.term) continue
      violated('leader completeness', `${node} leads term ${term} without entry ${index} of term ${entry.term}`)
    }
  }

  /** The disk never goes back to an older term; what was not yet durable, and so promised to nobody, may be forgotten. */
  restarts(node: NodeId): void {
    const { term } = this.disk(node).hardState
    const former = this.#durableTerms.get(node) ?? 0
    if (term < former) violated('term never falls', `${node} starts in ${term}, its disk held ${former}`)
    this.#durableTerms.set(node, term)
    this.#terms.set(node, term)
  }

  /** A term never falls within one life. */
  inTerm(node: NodeId, term: Term): void {
    const former = this.#terms.get(node) ?? 0
    if (term < former) violated('term never falls', `${node} from ${former} to ${term}`)
    this.#terms.set(node, term)
  }

  /** Log matching, by induction: an (index, term) is one entry, after one (index − 1, term). */
  appended(node: NodeId, entry: Entry, prevTerm: Term): void {
    const key = entry.index * TERMS_MAX + entry.term
    const seen = this.#seen.get(key)
    if (seen === undefined) {
      this.#seen.set(key, { entry, prevTerm })
    } else if (seen.prevTerm !== prevTerm || (seen.entry.data !== entry.data && Buffer.compare(seen.entry.data, entry.data) !== 0)) {
      violated('log matching', `${node} at index ${entry.index}, term ${entry.term}`)
    }
  }

  /**
   * State machine safety, and that a quorum of disks holds what is committed.
   *
   * @param quorums the members at the last look and now: what the old ones committed may be seen only once the new ones are in the log
   */
  commits(node: NodeId, inTerm: Term, entryAt: (index: LogIndex) => Entry | null, from: LogIndex, to: LogIndex, quorums: readonly Quorums[]): void {
    if (to < from) violated('commit never falls', `${node} from ${from} to ${to}`)
    for (let index = from + 1; index <= to; index++) {
      const entry = entryAt(index)
      const known = this.committed[index - 1]
      if (entry === null) {
        if (known === undefined) violated('commit within the log', `${node} commits ${index}, which it does not hold`)
        continue // a snapshot stands for it; its content is checked where it is applied
      }
      if (known !== undefined) {
        if (known.entry.term !== entry.term) {
          violated('committed prefixes agree', `entry ${index}: term ${known.entry.term} was committed, ${node} commits ${entry.term}`)
        }
        continue
      }
      if (index !== this.committed.length + 1) violated('commit within the log', `${node} commits ${index} after ${this.committed.length}`)
      this.committed.push({ entry, inTerm, answer: null })
      const lacks = quorums.map((members) => this.#lack(members, entry))
      if (!lacks.includes(null)) violated('committed is durable on a quorum', lacks.at(-1)!)
    }
  }

  /** Applied ≤ commit, durable where it is applied, and every state machine gives the same answer. */
  applies(node: NodeId, entry: Entry, answer: Applied): void {
    const known = this.committed[entry.index - 1]
    if (known?.entry.term !== entry.term) violated('applied ≤ commit', `${node} applies ${entry.index} of term ${entry.term}`)
    const disk = this.disk(node)
    if (!disk.holds(entry)) violated('applied is durable', `${node} applies ${entry.index}`)
    const word = answerWord(answer)
    if (known.answer === null) known.answer = word
    else if (known.answer !== word) violated('state machines agree', `${node} answers entry ${entry.index} with ${answer.kind}, others did not`)
  }

  /** Nothing is sent before what it promises is durable at its sender; one vote a term, one sender of appends a term. */
  sends(message: Message): void {
    const { from, to, term } = message
    switch (message.type) {
      case 'vote':
        if (!message.pre) this.#promisesVote(from, term, from)
        return
      case 'voteReply':
        if (!message.pre && message.granted) this.#promisesVote(from, term, to)
        return
      case 'append': {
        const other = this.#appenders.get(term)
        if (other === undefined) this.#appenders.set(term, from)
        else if (other !== from) violated('one sender of appends a term', `${other} and ${from} in term ${term}`)
        if (this.disk(from).hardState.term < term) violated('durable before sent', `${from} leads term ${term}`)
        return
      }
      case 'appendReply': {
        const disk = this.disk(from)
        if (disk.hardState.term < term || (message.accepted && Math.max(disk.last, disk.snapshotIndex) < message.match)) {
          violated('durable before sent', `${from} promises entries to ${message.match} in term ${term}, has ${disk.last}`)
        }
      }
    }
  }

  /** A read's index covers everything that was committed when it was asked. */
  reads(node: NodeId, index: LogIndex, committedWhenAsked: LogIndex): void {
    if (index < committedWhenAsked) violated('no stale read', `${node} reads at ${index}, ${committedWhenAsked} was committed`)
  }

  /** A snapshot stands for a committed prefix. */
  snapshot(node: NodeId, { index, term }: SnapshotMeta): void {
    if (this.committed[index - 1]?.entry.term !== term) violated('snapshot of what is committed', `${node} receives ${index} of term ${term}`)
  }

  /** What a client was told is committed, and is that very write. */
  acknowledged(client: string, index: LogIndex, term: Term, data: Uint8Array | null): void {
    const known = this.committed[index - 1]
    if (known?.entry.term !== term || (data !== null && Buffer.compare(known.entry.data, data) !== 0)) {
      violated('acknowledged is never lost', `${client} was told of ${index} in term ${term}`)
    }
  }

  /** @returns null when a majority of every set holds it */
  #lack({ voters, outgoing }: Quorums, entry: Entry): string | null {
    for (const set of outgoing.length > 0 ? [voters, outgoing] : [voters]) {
      const holders = set.filter((voter) => this.disk(voter).holds(entry)).length
      if (holders * 2 <= set.length) return `entry ${entry.index} of term ${entry.term} is on ${holders} of ${set.length} disks`
    }
    return null
  }

  #promisesVote(voter: NodeId, term: Term, candidate: NodeId): void {
    const { hardState } = this.disk(voter)
    if (hardState.term < term || (hardState.term === term && hardState.vote !== candidate)) {
      violated('durable before sent', `${voter} votes for ${candidate} in ${term}, disk: ${hardState.vote} in ${hardState.term}`)
    }
    let votes = this.#votes.get(voter)
    if (votes === undefined) this.#votes.set(voter, (votes = new Map()))
    const former = votes.get(term)
    if (former !== undefined && former !== candidate) violated('one vote a term', `${voter} in ${term}: ${former}, ${candidate}`)
    votes.set(term, candidate)
  }
}
