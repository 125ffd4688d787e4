/**
 * What must hold in every transcript whatever it shows (Raft fig. 3). A violation ends the transcript with an error,
 * so that updating the outcomes can never write one down as expected.
 */
import type { Entry, LogIndex, Message, NodeId, SnapshotMeta, Term } from '../../../src-main/raft/types'
import { endOf, entryAt } from './disk'
import type { Disk } from './disk'

export class Checks {
  readonly #leaders = new Map<Term, NodeId>()
  readonly #votes = new Map<string, NodeId>()
  readonly #committed = new Map<LogIndex, Entry>()
  /** for the counts of a run */
  elected = 0

  leads(node: NodeId, term: Term, log: readonly Entry[]): void {
    const other = this.#leaders.get(term)
    if (other !== undefined && other !== node) violated('one leader a term', `${other} and ${node} in term ${term}`)
    this.#leaders.set(term, node)
    this.elected++
    for (const [index, entry] of this.#committed) {
      const isCut = log.length > 0 && index < log[0]!.index
      if (isCut || entry.term >= term || entryAt(log, index)?.term === entry.term) continue
      violated('a leader has what was committed', `${node} leads term ${term} without entry ${index}/${entry.term}`)
    }
  }

  commits(node: NodeId, log: readonly Entry[], from: LogIndex, to: LogIndex): void {
    if (to < from) violated('commit never falls', `${node} from ${from} to ${to}`)
    for (let index = from + 1; index <= to; index++) {
      const entry = entryAt(log, index) ?? violated('commit within the log', `${node} commits ${index}, which it does not have`)
      const known = this.#committed.get(index)
      if (known && known.term !== entry.term) {
        violated('committed stays committed', `entry ${index}: ${node} commits term ${entry.term}, term ${known.term} was`)
      }
      this.#committed.set(index, entry)
    }
  }

  /** A snapshot stands for what was committed. */
  restores(node: NodeId, { index, term }: SnapshotMeta): void {
    const known = this.#committed.get(index)
    if (known?.term === term) return
    violated('committed stays committed', `${node} restores ${index}/${term}, ${known?.term ?? 'nothing'} was committed there`)
  }

  /** Nothing leaves before what it promises would survive a crash of its sender; one vote a term. */
  sends(message: Message, disk: Disk): void {
    const { from, to, term, type } = message
    if (type === 'vote' && !message.pre) this.#promisesVote(from, term, from, disk)
    if (type === 'voteReply' && !message.pre && message.granted) this.#promisesVote(from, term, to, disk)
    if (type === 'append' && disk.hardState.term < term) violated('durable before sent', `${from} leads term ${term}`)
    const end = endOf(disk)
    if (type === 'appendReply' && (disk.hardState.term < term || (message.accepted && end < message.match))) {
      violated('durable before sent', `${from} promises ${message.match} in term ${term}, its disk ends at ${end}`)
    }
  }

  #promisesVote(voter: NodeId, term: Term, candidate: NodeId, { hardState }: Disk): void {
    if (hardState.term < term || (hardState.term === term && hardState.vote !== candidate)) {
      violated('durable before sent', `${voter} votes for ${candidate} in term ${term}, its disk says ${hardState.vote}`)
    }
    const key = `${voter} ${term}`
    const former = this.#votes.get(key)
    if (former !== undefined && former !== candidate) violated('one vote a term', `${voter} in ${term}: ${former}, ${candidate}`)
    this.#votes.set(key, candidate)
  }
}

function violated(rule: string, detail: string): never {
  throw new Error(`${rule}: ${detail}`)
}
