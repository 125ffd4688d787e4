/** When a core wants to look at its clock, in the time of the world. */
import type { Raft } from '../raft/types'
import type { Host } from './surroundings'

/** Smallest wait for a timer: conversions between clocks round, and must not make an event that changes nothing. */
const TICK_MIN_MS = 0.001

export class Ticks {
  #atMs = Infinity

  constructor(
    private readonly node: Host,
    private readonly clockRate: number,
  ) {}

  /** What an earlier life wanted counts no more. */
  restarts(): void {
    this.#atMs = Infinity
  }

  schedule(raft: Raft): void {
    const { node } = this
    const { agenda } = node.around
    const atMs = Math.max(raft.nextTickMs() / this.clockRate, agenda.nowMs + TICK_MIN_MS)
    if (atMs >= this.#atMs) return // an earlier look is coming, and will look again
    this.#atMs = atMs
    const { life } = node
    agenda.at(atMs, () => {
      if (this.#atMs === atMs && node.life === life) this.#atMs = Infinity
      node.happen(life, () => this.#tick())
    })
  }

  #tick(): void {
    const { node } = this
    const raft = node.raft!
    if (raft.nextTickMs() <= node.localMs) raft.tick(node.localMs)
    node.pump()
  }
}
