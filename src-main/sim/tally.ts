/** What many worlds add up to. Order does not matter: workers end when they end, and the sum is the same. */
import { COVERED, type Covered } from './coverage'
import type { Failure } from './failure'
import { HashSum } from './history-hash'
import type { WorldResult } from './world'

export type SeedFailure = Failure & { seed: number }

/** Plain values, so that it travels between threads. */
export interface Tally {
  seeds: number
  failed: SeedFailure[]
  elections: number
  steps: number
  virtualMs: number
  /** by event: in how many seeds it was met */
  coverage: Partial<Record<Covered, number>>
  /** the two words of a `HashSum` */
  hash: [number, number]
}

export function emptyTally(): Tally {
  return { seeds: 0, failed: [], elections: 0, steps: 0, virtualMs: 0, coverage: {}, hash: [0, 0] }
}

export function addWorld(tally: Tally, world: WorldResult): void {
  const hash = new HashSum(tally.hash)
  hash.add(world.seed, world.digest)
  tally.hash = hash.words
  tally.seeds++
  if (world.failure !== null) tally.failed.push({ seed: world.seed, ...world.failure })
  tally.elections += world.elections
  tally.steps += world.steps
  tally.virtualMs += world.virtualMs
  for (const event of world.covered) tally.coverage[event] = (tally.coverage[event] ?? 0) + 1
}

export function addTally(tally: Tally, other: Tally): void {
  const hash = new HashSum(tally.hash)
  hash.join(other.hash)
  tally.hash = hash.words
  tally.seeds += other.seeds
  tally.failed.push(...other.failed)
  tally.failed.sort((a, b) => a.seed - b.seed)
  tally.elections += other.elections
  tally.steps += other.steps
  tally.virtualMs += other.virtualMs
  for (const event of COVERED) {
    const more = other.coverage[event]
    if (more !== undefined) tally.coverage[event] = (tally.coverage[event] ?? 0) + more
  }
}
