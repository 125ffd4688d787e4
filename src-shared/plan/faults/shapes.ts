/** Shapes of partitions: which links are cut so that a cluster falls apart in a certain way. */
import { drawIndex } from '../../stats/random'

export interface Link {
  from: string
  to: string
}

/** What a shape is made from: the target, and everybody else. */
export interface ShapeParts {
  nodes: readonly string[]
  others: readonly string[]
}

/** From the help of the plan: what each leaves standing. */
export const shapes = {
  around: 'the target reaches nobody outside it, and nobody there reaches the target',
  in: 'nothing reaches the target; what it sends arrives',
  out: 'nothing that the target sends arrives; it hears everybody',
  halves: 'two groups that do not reach each other, the target in the smaller one',
  bridge: 'two groups that do not reach each other; the target reaches all',
  hub: 'nobody reaches anybody but the target',
  chain: 'in a row that begins with the target each reaches only its neighbours',
  ring: 'in a ring each reaches a majority, and no two the same one',
} as const
export type Shape = keyof typeof shapes

/** Fewer nodes would leave the shape nothing to cut, or make it another one. */
const NODES_LEAST: Record<Shape, number> = { around: 2, in: 2, out: 2, halves: 2, bridge: 3, hub: 3, chain: 3, ring: 4 }

/** @returns why these parts can't have that shape; null = they can */
export function shapeConflict(shape: Shape, targetNodes: number, nodes: number): string | null {
  const isAround = shape === 'around' || shape === 'in' || shape === 'out'
  if (nodes < NODES_LEAST[shape]) return `a ${shape} needs at least ${NODES_LEAST[shape]} nodes, and there are ${nodes}`
  if (shape === 'halves' && targetNodes > nodes / 2) return `${targetNodes} of ${nodes} nodes are more than the smaller half`
  if (!isAround && shape !== 'halves' && targetNodes !== 1) return `a ${shape} has one node as its target, and this is ${targetNodes}`
  return null
}

/** @returns the directed links to cut; who else stands where is drawn */
export function cutLinks(shape: Shape, { nodes, others }: ShapeParts, random: () => number): Link[] {
  const inward = others.flatMap((from) => nodes.map((to) => ({ from, to })))
  switch (shape) {
    case 'around':
      return nodes.flatMap((node) => others.flatMap((other) => [{ from: node, to: other }, { from: other, to: node }]))
    case 'in':
      return inward
    case 'out':
      return inward.map(({ from, to }) => ({ from: to, to: from }))
    default: {
      const row = [...nodes, ...shuffled(others, random)]
      const talk = talking[shape](row.length)
      return row.flatMap((from, a) => row.flatMap((to, b) => (a === b || talk(a, b) ? [] : [{ from, to }])))
    }
  }
}

/** Places in a row, the target's first: who still reaches whom. */
const talking: Record<Exclude<Shape, 'around' | 'in' | 'out'>, (size: number) => (a: number, b: number) => boolean> = {
  halves: (size) => (a, b) => a < Math.floor(size / 2) === b < Math.floor(size / 2),
  bridge: (size) => (a, b) => a === 0 || b === 0 || a <= Math.floor(size / 2) === b <= Math.floor(size / 2),
  hub: () => (a, b) => a === 0 || b === 0,
  chain: () => (a, b) => Math.abs(a - b) === 1,
  ring: (size) => (a, b) => Math.min(Math.abs(a - b), size - Math.abs(a - b)) <= Math.ceil(Math.floor(size / 2) / 2),
}

function shuffled(names: readonly string[], random: () => number): string[] {
  const left = [...names]
  return names.map(() => left.splice(drawIndex(random, left.length), 1)[0]!)
}
