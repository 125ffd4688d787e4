/** Which links a fault of the network cuts or clogs, and how bad a storm is: from what was drawn for it. */
import type { Covered } from './coverage'
import type { Network, Weather } from './network'
import type { SimNode } from './nodes'
import type { Happening } from './timeline'

/** A link both ways or one way, or the target and some others against the rest. */
export function linksCut(
  network: Network,
  nodes: readonly SimNode[],
  { kind, draws }: Happening,
  node: SimNode,
): { event: Covered; links: number[] } {
  const links: number[] = []
  const add = (from: number, to: number): void => {
    if (from !== to) links.push(network.link(from, to))
  }
  if (kind === 'link') {
    const peer = Math.floor(draws[0] * nodes.length)
    add(node.number, peer)
    if (draws[1] < 0.5) add(peer, node.number)
    return { event: 'link cut', links }
  }
  // the target and each other node with a chance: from one node to about half of them
  const aside = nodes.map(({ number }) => number === node.number || (draws[0] < 0.6 && (draws[1] * 97 * (number + 1)) % 1 < 0.4))
  for (const { number: a } of nodes) {
    for (const { number: b } of nodes) {
      if (!aside[a] || aside[b]) continue
      if (kind !== 'partition-in') add(a, b)
      if (kind !== 'partition-out') add(b, a)
    }
  }
  return { event: kind === 'partition' ? 'partition' : 'one-way partition', links }
}

export function stormOf({ delayMs: [min, max], replayMs }: Weather, draws: Happening['draws']): Weather {
  return { delayMs: [min, max * (1 + 9 * draws[0])], loss: 0.3 * draws[1], replays: 0.5 * draws[2], replayMs }
}

/** About six in ten of the others. */
export function peersOf(nodes: readonly SimNode[], node: SimNode, share: number): number[] {
  return nodes.flatMap(({ number }) => (number !== node.number && (share * 89 * (number + 1)) % 1 < 0.6 ? [number] : []))
}
