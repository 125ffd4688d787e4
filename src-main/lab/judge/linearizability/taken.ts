/**
 * The set of operations taken into the order so far, and a short text that names it together with a state.
 *
 * Answered operations are taken nearly in the order of their calls: all up to some number, and a few beyond it. Only
 * those few are spelt out, so a memo entry stays short however long the history is (a plain bitset of 100,000
 * operations would be 12 KB an entry).
 */
export class Taken {
  answeredCount = 0
  private readonly answered: Uint8Array
  private readonly unknown: Uint8Array
  /** every answered operation below this number is taken, this one is not */
  private firstOpen = 0

  constructor(answeredOperations: number, unknownOperations: number) {
    this.answered = new Uint8Array(answeredOperations)
    this.unknown = new Uint8Array(unknownOperations)
  }

  add(id: number): void {
    if (id >= this.answered.length) {
      this.unknown[id - this.answered.length] = 1
      return
    }
    this.answered[id] = 1
    this.answeredCount++
    while (this.answered[this.firstOpen] === 1) this.firstOpen++
  }

  remove(id: number): void {
    if (id >= this.answered.length) {
      this.unknown[id - this.answered.length] = 0
      return
    }
    this.answered[id] = 0
    this.answeredCount--
    this.firstOpen = Math.min(this.firstOpen, id)
  }

  /** Equal for equal sets and states, and only for them. */
  key(state: number): string {
    const beyond = spell(this.answered, this.firstOpen, this.answeredCount - this.firstOpen)
    return `${state},${this.firstOpen},${beyond},${this.unknown.length === 0 ? '' : spell(this.unknown, 0, Infinity)}`
  }
}

const BITS_PER_CHARACTER = 15

/** Bits from `from` on as characters, ending with the last of `count` set bits. */
function spell(bits: Uint8Array, from: number, count: number): string {
  let text = ''
  for (let at = from, left = count; left > 0 && at < bits.length; at += BITS_PER_CHARACTER) {
    let word = 0
    for (let bit = 0; bit < BITS_PER_CHARACTER && at + bit < bits.length; bit++) {
      if (bits[at + bit] === 1) {
        word |= 1 << bit
        left--
      }
    }
    text += String.fromCharCode(word)
  }
  return text
}
