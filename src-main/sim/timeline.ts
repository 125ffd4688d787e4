/** What happens to a world and when, drawn from its seed: faults, and what an operator does meanwhile. */
import { drawIndex } from '@shared/stats/random'

export type FaultKind =
  | 'crash'
  | 'crash-while-writing'
  | 'crash-before-cut'
  | 'pause'
  | 'partition'
  | 'partition-in'
  | 'partition-out'
  | 'link'
  | 'clog'
  | 'storm'
  | 'disk-slow'
  | 'disk-full'
  | 'bit-flip'

export type OperationKind = 'transfer' | 'snapshot' | 'add' | 'remove'

/** One thing that happens to the cluster. `target` is a node's number, or the leader of that moment. */
export interface Happening {
  /** its place in the seed's timeline, from 1: names it in a replay */
  id: number
  kind: FaultKind | OperationKind
  atMs: number
  forMs: number
  target: number | 'leader'
  /** further draws of this fault, 0…1: sides of a partition, the other end of a link, strength */
  draws: readonly [number, number, number]
}

export const FAULTS_UNTIL_MS = 50_000

const FAULTS: readonly (readonly [FaultKind, number])[] = [
  ['crash', 3],
  ['crash-while-writing', 4],
  ['crash-before-cut', 1],
  ['pause', 2],
  ['partition', 4],
  ['partition-in', 1.5],
  ['partition-out', 1.5],
  ['link', 3],
  ['clog', 2],
  ['storm', 3],
  ['disk-slow', 2],
  ['disk-full', 1],
  ['bit-flip', 0.5],
]
const OPERATIONS: readonly (readonly [OperationKind, number])[] = [
  ['transfer', 3],
  ['snapshot', 6],
  ['add', 2],
  ['remove', 2],
]

export function timelineOf(random: () => number, nodes: number, electionMinMs: number): Happening[] {
  const timeline: Omit<Happening, 'id'>[] = []
  const add = (kind: Happening['kind'], atMs: number): void => {
    timeline.push({
      kind,
      atMs,
      forMs: electionMinMs * (0.3 + random() * random() * 8),
      target: random() < 0.5 ? 'leader' : drawIndex(random, nodes),
      draws: [random(), random(), random()],
    })
  }
  const everyMs = electionMinMs * (1 + random() * 5)
  // what every world has: a crash in the middle of a write, and two faults of the network
  add('crash-while-writing', 2000 + random() * 20_000)
  add('partition', 2000 + random() * 40_000)
  add(random() < 0.5 ? 'link' : 'clog', 2000 + random() * 40_000)
  // who lost its log for good must not be counted on by a change of members: a world has the one or the other
  const changesMembers = random() < 0.6
  const faults = FAULTS.filter(([kind]) => kind !== 'bit-flip' || !changesMembers)
  for (let atMs = 1500 + random() * everyMs; atMs < FAULTS_UNTIL_MS - 2000; atMs += 2 * everyMs * random()) add(draw(random, faults), atMs)
  const operations = OPERATIONS.filter(([kind]) => changesMembers || (kind !== 'add' && kind !== 'remove'))
  if (random() < 0.75) {
    for (let atMs = 3000 + random() * 5000; atMs < FAULTS_UNTIL_MS; atMs += 8000 * random()) add(draw(random, operations), atMs)
  }
  return timeline.sort((a, b) => a.atMs - b.atMs).map((happening, i) => ({ id: i + 1, ...happening }))
}

function draw<T>(random: () => number, weighted: readonly (readonly [T, number])[]): T {
  let left = random() * weighted.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [value, weight] of weighted) {
    left -= weight
    if (left < 0) return value
  }
  return weighted[0]![0]
}
