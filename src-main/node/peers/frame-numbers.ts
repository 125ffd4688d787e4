/**
 * What became of a link's frames, told by the numbers they carry. They count from 1 with each connection, before anything
 * is done to a frame on its way out: so what was lost, sent twice or overtaken shows at the receiver, and only there.
 */

/** A number this far behind the newest is not waited for any more. */
const WAITED_FOR_MAX = 1_024

export class FrameNumbers {
  /** frames that never came, so far: one that was only overtaken is taken off again */
  gaps = 0
  /** frames that came before */
  duplicates = 0
  /** frames that came after one that was sent later */
  overtaken = 0
  private highest = 0
  private readonly missing = new Set<number>()

  /** A new connection counts anew. */
  restart(): void {
    this.highest = 0
    this.missing.clear()
  }

  take(number: number): void {
    if (number > this.highest) {
      this.miss(this.highest + 1, number)
      this.highest = number
    } else if (this.missing.delete(number)) {
      this.gaps--
      this.overtaken++
    } else {
      this.duplicates++
    }
  }

  private miss(from: number, to: number): void {
    this.gaps += to - from
    for (let number = Math.max(from, to - WAITED_FOR_MAX); number < to; number++) this.missing.add(number)
    for (const oldest of this.missing) {
      if (this.missing.size <= WAITED_FOR_MAX) return
      this.missing.delete(oldest)
    }
  }
}
