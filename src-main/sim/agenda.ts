/** What happens when in virtual time: a binary heap, first come first served among equal times. */

interface Item {
  atMs: number
  order: number
  run: () => void
}

export class Agenda {
  nowMs = 0
  #order = 0
  #isStopped = false
  readonly #heap: Item[] = []

  at(atMs: number, run: () => void): void {
    const heap = this.#heap
    const item = { atMs: atMs > this.nowMs ? atMs : this.nowMs, order: this.#order++, run }
    let i = heap.length
    heap.push(item)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = heap[parent]!
      if (isBefore(above, item)) break
      heap[i] = above
      i = parent
    }
    heap[i] = item
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run)
  }

  /** `runUntil` returns after the event that is running now. */
  stop(): void {
    this.#isStopped = true
  }

  /** Runs everything due until `untilMs`, or until somebody calls `stop`. @returns whether it was stopped */
  runUntil(untilMs: number): boolean {
    this.#isStopped = false
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#pop()
      this.nowMs = next.atMs
      next.run()
      if (this.#isStopped) return true
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
    return false
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    const length = heap.length
    if (length === 0) return
    let i = 0
    for (let child = 1; child < length; child = 2 * i + 1) {
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (isBefore(last, heap[child]!)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
  }
}

function isBefore(a: Item, b: Item): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
