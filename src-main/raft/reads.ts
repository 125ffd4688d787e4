/**
 * ReadIndex (dissertation §6.4): a read is answered at the commit index of its arrival, after a quorum echoed a round
 * that *began later than the read arrived*. One round confirms any number of reads; one round for reads is under
 * way at a time, and each heartbeat takes along whatever waits, so that a lost message delays reads by one heartbeat.
 */
import type { LogIndex, ReadState } from './types'

interface Confirming {
  round: number
  index: LogIndex
  reads: number[]
}

export class Reads {
  /** arrived, no round begun since */
  #waiting: number[] = []
  /** oldest round first */
  readonly #confirming: Confirming[] = []

  add(read: number): void {
    this.#waiting.push(read)
  }

  /** @returns whether a round should begin without waiting for the next heartbeat */
  wantsRound(): boolean {
    return this.#waiting.length > 0 && this.#confirming.length === 0
  }

  /** Round `round` begins: what waited is confirmed by it, at `index`. */
  assign(round: number, index: LogIndex): void {
    if (this.#waiting.length === 0) return
    this.#confirming.push({ round, index, reads: this.#waiting })
    this.#waiting = []
  }

  /** @returns reads that `acknowledged` confirms, oldest first, each once */
  release(acknowledged: number): ReadState[] {
    const released: ReadState[] = []
    while (this.#confirming.length > 0 && this.#confirming[0]!.round <= acknowledged) {
      const { index, reads } = this.#confirming.shift()!
      for (const read of reads) released.push({ read, index })
    }
    return released
  }

  /** @returns every read that was not released; none is left */
  drain(): number[] {
    const left = this.#confirming.splice(0).flatMap((group) => group.reads)
    left.push(...this.#waiting.splice(0))
    return left
  }
}
