import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutLinks, type Shape, shapeConflict, shapes } from '@shared/plan/faults/shapes'
import { largestMinority } from '@shared/plan/outage'
import { parsePlan } from '@shared/plan/parse'
import { seededRandom } from '@shared/stats/random'

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`)

/** Who still hears whom: `[from, to]` pairs. */
function heard(shape: Shape, size: number, seed: number, targets = 1): { ids: string[]; hears: (from: string, to: string) => boolean } {
  const ids = idsOf(size)
  const cut = cutLinks(shape, { nodes: ids.slice(0, targets), others: ids.slice(targets) }, seededRandom(seed, 'test'))
  const names = new Set(cut.map(({ from, to }) => `${from} ${to}`))
  expect(names.size, 'no link is cut twice').toBe(cut.length)
  return { ids, hears: (from, to) => from !== to && !names.has(`${from} ${to}`) }
}

const neighbours = ({ ids, hears }: ReturnType<typeof heard>, id: string): string[] => ids.filter((other) => hears(id, other) && hears(other, id))

/** Groups of nodes that reach each other, directly or through others. */
function groups(world: ReturnType<typeof heard>, without: readonly string[] = []): string[][] {
  const left = new Set(world.ids.filter((id) => !without.includes(id)))
  const found: string[][] = []
  for (const start of left) {
    const group = [start]
    left.delete(start)
    for (const id of group) for (const next of neighbours(world, id)) if (left.delete(next)) group.push(next)
    found.push(group)
  }
  return found
}

const anySize = fc.integer({ min: 3, max: 9 })
const anySeed = fc.integer({ min: 0, max: 1_000_000 })
const forAll = (check: (size: number, seed: number) => void): void => fc.assert(fc.property(anySize, anySeed, check), { numRuns: 200 })

describe('what a partition leaves standing', () => {
  it('around: the target alone, the others whole', () => forAll((size, seed) => {
    const world = heard('around', size, seed)
    expect(groups(world).map((group) => group.length)).toEqual([1, size - 1])
    for (const id of world.ids.slice(1)) expect(neighbours(world, id)).toHaveLength(size - 2)
  }))

  it('in: the target is heard and hears nobody; out: the other way round', () => forAll((size, seed) => {
    for (const other of idsOf(size).slice(1)) {
      const [inward, outward] = [heard('in', size, seed), heard('out', size, seed)]
      expect([inward.hears('n1', other), inward.hears(other, 'n1')]).toEqual([true, false])
      expect([outward.hears('n1', other), outward.hears(other, 'n1')]).toEqual([false, true])
    }
  }))

  it('halves: two whole groups, the target in the smaller', () => forAll((size, seed) => {
    const world = heard('halves', size, seed)
    const [mine, theirs] = groups(world)
    expect([mine!.length, theirs!.length]).toEqual([Math.floor(size / 2), Math.ceil(size / 2)])
    expect(mine).toContain('n1')
    for (const id of world.ids) expect(neighbours(world, id)).toHaveLength((mine!.includes(id) ? mine! : theirs!).length - 1)
  }))

  it('bridge: the target reaches all, and holds two groups together', () => forAll((size, seed) => {
    const world = heard('bridge', size, seed)
    expect(neighbours(world, 'n1')).toHaveLength(size - 1)
    expect(groups(world)).toHaveLength(1)
    const apart = groups(world, ['n1']).map((group) => group.length).sort((a, b) => a - b)
    expect(apart).toEqual([Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)])
  }))

  it('hub: the target reaches all, and nobody else anybody', () => forAll((size, seed) => {
    const world = heard('hub', size, seed)
    expect(neighbours(world, 'n1')).toHaveLength(size - 1)
    for (const id of world.ids.slice(1)) expect(neighbours(world, id)).toEqual(['n1'])
  }))

  it('chain: one row with the target at its head', () => forAll((size, seed) => {
    const world = heard('chain', size, seed)
    expect(neighbours(world, 'n1')).toHaveLength(1)
    expect(world.ids.map((id) => neighbours(world, id).length).sort()).toEqual([1, 1, ...Array.from({ length: size - 2 }, () => 2)])
    expect(groups(world)).toHaveLength(1)
  }))

  it('ring: everybody reaches a majority, and no two the same one', () => fc.assert(fc.property(fc.integer({ min: 4, max: 9 }), anySeed, (size, seed) => {
    const world = heard('ring', size, seed)
    const reached = world.ids.map((id) => [id, ...neighbours(world, id)].sort().join())
    for (const mine of reached) expect(mine.split(',').length).toBeGreaterThan(size / 2)
    expect(new Set(reached).size).toBe(size)
    expect(reached.some((mine) => mine.split(',').length < size)).toBe(true)
  })))

  it('other seeds place the others elsewhere', () => {
    const rows = (shape: Shape): number => new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(groups(heard(shape, 7, seed), ['n1'])))).size
    expect(rows('halves')).toBeGreaterThan(5)
    expect(rows('chain')).toBeGreaterThan(5)
  })

  it('does not depend on who the target is where all of it is drawn: each takes a known number out', () => {
    for (const shape of Object.keys(shapes) as Shape[]) {
      for (let size = 4; size <= 9; size++) expect(shapeConflict(shape, 1, size)).toBeNull()
    }
    expect(shapeConflict('ring', 1, 3)).toContain('at least 4')
    expect(shapeConflict('hub', 2, 5)).toContain('one node')
    expect(shapeConflict('halves', 3, 5)).toContain('smaller half')
  })
})

describe('a shape in a plan', () => {
  const problems = (entry: string, rest = ''): string[] =>
    parsePlan(`faultline: 1\ntitle: T\nexpect: [{ metric: lost_writes, is: "== 0" }]\n${rest}timeline: [{ id: f, at: 1s, for: 1s, fault: partition, mode: drop, ${entry} }]`)
      .problems.filter(({ severity }) => severity === 'error').map(({ path, message }) => `${path}: ${message}`)

  it('counts against the blast radius with what it leaves standing', () => {
    expect(problems('shape: halves, target: leader')).toEqual([])
    expect(problems('shape: hub, target: leader')).toEqual([expect.stringContaining('takes out up to 3 of 5')])
    expect(problems('shape: hub, target: leader', 'blastRadius: { nodes: 3, allowQuorumLoss: true }\n')).toEqual([])
    expect(largestMinority(5)).toBe(2)
  })

  it('needs a target that it can have', () => {
    expect(problems('shape: bridge, target: minority')).toEqual([expect.stringContaining('one node')])
    expect(problems('shape: ring, target: leader', 'cluster: { nodes: 3 }\n')).toEqual([expect.stringContaining('at least 4')])
    expect(problems('shape: chain, target: n1->n2')).toEqual([expect.stringContaining('is a link')])
    expect(problems('shape: halves, path: client, target: leader')).toEqual([expect.stringContaining('no shape')])
  })
})
