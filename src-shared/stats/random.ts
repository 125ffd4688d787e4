/**
 * All chance in a run comes from here: a seed and a stream name give one sequence, whatever other streams draw.
 * sfc32 (Chris Doty-Humphrey's "small fast counting" generator, PractRand), seeded through cyrb128-like mixing.
 */

/** @returns a generator of numbers uniform in [0, 1), 32 bits each; equal seed and stream give equal sequences */
export function seededRandom(seed: number, stream: string): () => number {
  let [a, b, c] = mix(`${seed}/${stream}`)
  let counter = 1
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    c |= 0
    return (t >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i++) next() // sfc32 needs a few rounds to spread its seed
  return next
}

/** @returns an integer, uniform in [0, bound) */
export function drawIndex(random: () => number, bound: number): number {
  return Math.floor(random() * bound)
}

/** Three 32-bit words from a string (FNV-1a with three offsets, finalised as in MurmurHash3). */
function mix(text: string): [number, number, number] {
  const words = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b].map((offset) => {
    let hash = offset
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return hash ^ (hash >>> 16)
  })
  return [words[0]!, words[1]!, words[2]!]
}
