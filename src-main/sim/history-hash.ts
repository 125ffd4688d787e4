/**
 * A running hash of everything that happens in a world: two runs of one seed agree to the last bit, or something
 * outside the seed had a say. Two 32-bit lanes, mixed as in MurmurHash3's body and finaliser.
 */

const float = new Float64Array(1)
const words = new Uint32Array(float.buffer)

export class HistoryHash {
  #a = 0x811c9dc5
  #b = 0x9e3779b9

  /** One 32-bit word. */
  word(value: number): void {
    let k = Math.imul(value, 0xcc9e2d51)
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
    const a = this.#a ^ k
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0
    const b = this.#b ^ Math.imul(k, 0x85ebca6b)
    this.#b = (Math.imul((b << 17) | (b >>> 15), 5) + 0x52dce729) | 0
  }

  /** Every bit of a number, e.g. of a moment in virtual time. */
  number(value: number): void {
    float[0] = value
    this.word(words[0]!)
    this.word(words[1]!)
  }

  text(text: string): void {
    this.word(text.length)
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i))
  }

  bytes(bytes: Uint8Array): void {
    this.word(bytes.length)
    for (let i = 0; i < bytes.length; i++) this.word(bytes[i]!)
  }

  digest(): [number, number] {
    return [finish(this.#a), finish(this.#b)]
  }
}

/** Hashes of many worlds as one, whatever order they ended in: a sum over (seed, digest). */
export class HashSum {
  #a: number
  #b: number

  constructor([a, b]: readonly [number, number] = [0, 0]) {
    this.#a = a
    this.#b = b
  }

  get words(): [number, number] {
    return [this.#a, this.#b]
  }

  add(seed: number, [a, b]: readonly [number, number]): void {
    const one = new HistoryHash()
    one.number(seed)
    one.word(a)
    one.word(b)
    this.join(one.digest())
  }

  /** Adds the sum of other worlds. */
  join([a, b]: readonly [number, number]): void {
    this.#a = (this.#a + a) >>> 0
    this.#b = (this.#b + b) >>> 0
  }
}

export function hex(digest: readonly [number, number]): string {
  return digest.map((word) => word.toString(16).padStart(8, '0')).join('')
}

function finish(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
