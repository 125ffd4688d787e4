/**
 * What a leader knows about one follower. `match` only rises, and only by what the follower said is durable;
 * `next` is a guess that a rejection corrects.
 *
 * probe: the guess is untested, one append at a time. replicate: appends are sent without waiting, up to a window.
 * A lost message can't stall either: each heartbeat asks for the entry before `next`, and the answer to it
 * either confirms the guess or leads back to probing. Who answers nothing at all is probed again, too: what was sent into
 * the silence is taken for lost. snapshot: what it needs next was cut from the log; it gets
 * heartbeats only, until one is accepted because a snapshot has arrived.
 */
import type { LogIndex, NodeId, RaftConfig } from '../types'

/** What may be on the way to one follower: so many appends, and so many bytes of entries in them. */
export type InflightBounds = Pick<RaftConfig, 'maxInflight' | 'maxInflightBytes'>

export class Progress {
  readonly id: NodeId
  match: LogIndex = 0
  next: LogIndex
  mode: 'probe' | 'replicate' | 'snapshot' = 'probe'
  /** newest round this follower echoed */
  round = 0
  /** when it last answered in this term */
  recentMs: number | null = null
  /** a new round has begun and this follower was not told yet */
  heartbeatDue = false
  /** snapshot: it was given up, and is asked for again with the next heartbeat */
  hasSnapshotFailed = false
  /** timers of kind backoff: no heartbeat before `untilMs`; `ms` = 0 while it answers */
  readonly pause = { ms: 0, untilMs: 0 }
  /** when it came under this leader's care; stands for the last answer until there is one */
  readonly sinceMs: number
  /** snapshot: once it reaches here the snapshot has arrived, even if the log was cut further meanwhile */
  #snapshotIndex: LogIndex = 0
  /** probe: one append is on its way */
  #probing = false
  /** replicate: last index and size of each append on its way, oldest first */
  readonly #inflight: { last: LogIndex; bytes: number }[] = []
  #inflightBytes = 0
  readonly #bounds: InflightBounds

  constructor(id: NodeId, next: LogIndex, bounds: InflightBounds, sinceMs = 0) {
    this.sinceMs = sinceMs
    this.id = id
    this.next = next
    this.#bounds = bounds
  }

  /** @returns whether entries may be sent now */
  isOpen(): boolean {
    if (this.mode === 'snapshot') return false
    if (this.mode === 'probe') return !this.#probing
    const { maxInflight, maxInflightBytes = Infinity } = this.#bounds
    return this.#inflight.length < maxInflight && this.#inflightBytes < maxInflightBytes
  }

  /** An append with entries up to `last` went out, `bytes` of them. */
  sent(last: LogIndex, bytes: number): void {
    if (this.mode === 'probe') {
      this.#probing = true
      return
    }
    this.#inflight.push({ last, bytes })
    this.#inflightBytes += bytes
    this.next = last + 1
  }

  /** What it needs next was cut from the log; a snapshot that reaches at least to `index` was asked for. */
  awaitSnapshot(index: LogIndex): void {
    this.mode = 'snapshot'
    this.#snapshotIndex = index
    this.hasSnapshotFailed = false
    this.#nothingIsOnItsWay()
  }

  /**
   * It has not answered for an election timeout: one append asks whether it is back, and no more goes out before it answers.
   *
   * @param first where the leader's log begins: as after a rejection it is tried before a snapshot is sent
   */
  fellSilent(first: LogIndex): void {
    if (this.mode !== 'replicate') return
    this.mode = 'probe'
    this.next = Math.max(this.match + 1, first)
    this.#nothingIsOnItsWay()
  }

  /** @returns whether `match` rose */
  accepted(match: LogIndex): boolean {
    const rose = match > this.match
    this.match = Math.max(this.match, match)
    if (this.mode === 'probe' || (this.mode === 'snapshot' && this.match >= this.#snapshotIndex)) {
      this.mode = 'replicate'
      this.#probing = false
      this.next = this.match + 1
    }
    this.next = Math.max(this.next, this.match + 1)
    while (this.#inflight.length > 0 && this.#inflight[0]!.last <= this.match) this.#inflightBytes -= this.#inflight.shift()!.bytes
    return rose
  }

  /**
   * The follower has another entry at `refused` than the leader, or none.
   *
   * @param retryAt where the hint says to look next
   * @param first where the leader's log begins: it is tried before a snapshot is sent, since the hint is only a guess
   * @returns false for a late answer, which says nothing new
   */
  rejected(refused: LogIndex, retryAt: LogIndex, first: LogIndex): boolean {
    // a follower that looks for what comes after the snapshot has it: the answer that said so was lost
    if (refused <= this.match || (this.mode === 'snapshot' && retryAt <= this.#snapshotIndex)) return false
    if (this.mode === 'probe' && refused !== this.next - 1) return false
    this.mode = 'probe'
    this.#nothingIsOnItsWay()
    const guess = Math.max(this.match + 1, Math.min(retryAt, refused))
    this.next = refused >= first ? Math.max(guess, first) : guess
    return true
  }

  #nothingIsOnItsWay(): void {
    this.#probing = false
    this.#inflight.length = 0
    this.#inflightBytes = 0
  }
}
