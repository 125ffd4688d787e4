/**
 * What a leader knows about one follower. `match` only rises, and only by what the follower said is durable;
 * `next` is a guess that a rejection corrects.
 *
 * probe: the guess is untested, one append at a time. replicate: appends are sent without waiting, up to a window.
 * A lost message can't stall either: each heartbeat asks for the entry before `next`, and the answer to it
 * either confirms the guess or leads back to probing.
 */
import type { LogIndex, NodeId } from '../types'

export class Progress {
  readonly id: NodeId
  match: LogIndex = 0
  next: LogIndex
  mode: 'probe' | 'replicate' = 'probe'
  /** newest round this follower echoed */
  round = 0
  /** when it last answered in this term */
  recentMs: number | null = null
  /** a new round has begun and this follower was not told yet */
  heartbeatDue = false
  /** probe: one append is on its way */
  #probing = false
  /** replicate: last index of each append on its way, oldest first */
  readonly #inflight: LogIndex[] = []
  readonly #maxInflight: number

  constructor(id: NodeId, next: LogIndex, maxInflight: number) {
    this.id = id
    this.next = next
    this.#maxInflight = maxInflight
  }

  /** @returns whether entries may be sent now */
  isOpen(): boolean {
    return this.mode === 'probe' ? !this.#probing : this.#inflight.length < this.#maxInflight
  }

  /** An append with entries up to `last` went out. */
  sent(last: LogIndex): void {
    if (this.mode === 'probe') {
      this.#probing = true
      return
    }
    this.#inflight.push(last)
    this.next = last + 1
  }

  /** @returns whether `match` rose */
  accepted(match: LogIndex): boolean {
    const rose = match > this.match
    this.match = Math.max(this.match, match)
    if (this.mode === 'probe') {
      this.mode = 'replicate'
      this.#probing = false
      this.next = this.match + 1
    }
    this.next = Math.max(this.next, this.match + 1)
    while (this.#inflight.length > 0 && this.#inflight[0]! <= this.match) this.#inflight.shift()
    return rose
  }

  /**
   * The follower has another entry at `refused` than the leader, or none.
   *
   * @param retryAt where the hint says to look next
   * @returns false for a late answer, which says nothing new
   */
  rejected(refused: LogIndex, retryAt: LogIndex): boolean {
    if (refused <= this.match) return false
    if (this.mode === 'probe' && refused !== this.next - 1) return false
    this.mode = 'probe'
    this.#probing = false
    this.#inflight.length = 0
    this.next = Math.max(this.match + 1, Math.min(retryAt, refused))
    return true
  }
}
