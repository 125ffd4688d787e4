/** The expected time without a leader as a formula (after Ongaro's dissertation, ch. 9), to hold the simulation against. */

/** Beyond this share the formula's picture (one split, then a fresh start) no longer holds. */
const LARGEST_SHARE = 0.2

export interface ClosedFormInput {
  nodes: number
  /** each election timeout is uniform in this range */
  timeoutMs: readonly [number, number]
  /** request and answer on the network */
  broadcastMs: number
  /** writing a vote to the disk */
  storeMs: number
}

/**
 * (T + w/(s+1) + L) / (1 − P) + L + W − T/4 with timeouts in [T, T+w], one way L, s survivors, W to store a vote. The first
 * of s timers runs out after T + w/(s+1) on average and its requests need L; each split costs the same again; the votes
 * need W and L to come back; the crash comes T/4 after the heartbeat on average. All logs are taken as equal.
 *
 * @returns milliseconds from the crash to the next leader; null where the formula has no meaning (L > 0.2 w, or w = 0)
 */
export function closedFormMs({ nodes, timeoutMs: [minMs, maxMs], broadcastMs, storeMs }: ClosedFormInput): number | null {
  const spreadMs = maxMs - minMs
  const oneWayMs = broadcastMs / 2
  if (spreadMs <= 0 || oneWayMs > LARGEST_SHARE * spreadMs) return null
  const survivors = nodes - 1
  const split = splitProbability(nodes, oneWayMs / spreadMs)
  return (minMs + spreadMs / (survivors + 1) + oneWayMs) / (1 - split) + oneWayMs + storeMs - minMs / 4
}

/**
 * How likely it is that so many survivors time out within one message of each other that nobody gets a majority:
 * Σ C(s,k) l^k (1−l)^(s−k) for k = c−1 … s, c = s − ⌊n/2⌋ + 1.
 *
 * @param share l = one-way delay / spread of the timeouts, 0…1
 */
export function splitProbability(nodes: number, share: number): number {
  const survivors = nodes - 1
  const candidates = survivors - Math.floor(nodes / 2) + 1
  let sum = 0
  for (let k = candidates - 1; k <= survivors; k++) sum += choose(survivors, k) * share ** k * (1 - share) ** (survivors - k)
  return sum
}

function choose(n: number, k: number): number {
  let ways = 1
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i
  return ways
}
