/**
 * The last bins of a live run in typed arrays: no allocation and no reactivity while frames arrive.
 * Absent latencies are NaN, so that a gap stays a gap.
 */
import type { LiveFrame } from '@shared/api/live'

export type Bin = LiveFrame['bins'][number]
export const COLUMNS = ['atMs', 'ok', 'fail', 'unknown', 'p50', 'p99', 'max'] as const
export type Column = (typeof COLUMNS)[number]

export class BinRing {
  readonly #columns: Record<Column, Float64Array>
  readonly #capacity: number
  #next = 0
  #size = 0

  /** @param capacity how many bins are kept; older ones are overwritten */
  constructor(capacity: number) {
    this.#capacity = capacity
    this.#columns = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(capacity)])) as Record<Column, Float64Array>
  }

  get size(): number {
    return this.#size
  }

  push(bin: Bin): void {
    for (const name of COLUMNS) this.#columns[name][this.#next] = bin[name] ?? Number.NaN
    this.#next = (this.#next + 1) % this.#capacity
    this.#size = Math.min(this.#size + 1, this.#capacity)
  }

  clear(): void {
    this.#next = 0
    this.#size = 0
  }

  /** Oldest first, bins from `fromMs` on. @returns [atMs, value] pairs; NaN stays NaN */
  points(column: Column, fromMs: number, scale = 1): [number, number][] {
    const values = this.#columns[column]
    return this.#map(fromMs, (index, at) => [at, values[index]! * scale])
  }

  /** Sum of the columns, as `points`. */
  stacked(columns: readonly Column[], fromMs: number, scale = 1): [number, number][] {
    return this.#map(fromMs, (index, at) => [at, columns.reduce((sum, name) => sum + this.#columns[name][index]!, 0) * scale])
  }

  #map(fromMs: number, point: (index: number, atMs: number) => [number, number]): [number, number][] {
    const points: [number, number][] = []
    for (let i = 0; i < this.#size; i++) {
      const index = (this.#next - this.#size + i + this.#capacity) % this.#capacity
      const atMs = this.#columns.atMs[index]!
      if (atMs >= fromMs) points.push(point(index, atMs))
    }
    return points
  }
}
