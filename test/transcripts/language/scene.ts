/** One transcript being played: its world, and what its commands have to remember between them. */
import type { NodeId } from '../../../src-main/raft/types'
import { World } from '../world/world'
import { configOf, membersIn, settingsIn } from './cluster'
import type { Settings } from './cluster'

/** What one word of the language does with the words behind it. */
export type Command = (scene: Scene, words: string[]) => void

export class Scene {
  world = new World()
  /** names of reads, from 1 */
  reads = 0
  #settings: Settings | null = null
  /** election timeouts that a script wants drawn next */
  readonly #drawsMs = new Map<NodeId, number[]>()

  get ids(): NodeId[] {
    return [...this.world.nodes.keys()]
  }

  /** A new cluster in a new world. */
  begin(words: readonly string[]): void {
    this.#settings = settingsIn(words)
    this.world = new World()
    this.#drawsMs.clear()
    const { voters, learners } = membersIn(this.#settings)
    for (const id of [...voters, ...learners]) this.join(id)
    this.world.takeLines()
  }

  /** One more node, empty; it is no member before somebody adds it. */
  join(id: NodeId): void {
    if (!this.#settings) throw new Error('there is no cluster yet')
    const drawsMs: number[] = []
    this.#drawsMs.set(id, drawsMs)
    this.world.add(configOf(this.#settings, id, drawsMs))
  }

  drawNext(id: NodeId, timeoutsMs: readonly number[]): void {
    this.world.node(id)
    this.#drawsMs.get(id)!.splice(0, Infinity, ...timeoutsMs)
  }
}

export function number(word: string | undefined): number {
  const value = Number(word)
  if (word === undefined || Number.isNaN(value)) throw new Error(`${word ?? 'nothing'} is no number`)
  return value
}

export function isOn(word: string | undefined): boolean {
  if (word !== 'on' && word !== 'off') throw new Error(`${word ?? 'nothing'} is neither on nor off`)
  return word === 'on'
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
