/** What happens when in virtual time: a binary heap, first come first served among equal times. */

interface Item {
  atMs: number
  order: number
  run: () => void
}

export class Agenda {
  nowMs = 0
  #order = 0
  readonly #heap: Item[] = []

  at(atMs: number, run: () => void): void {
    const heap = this.#heap
    heap.push({ atMs: Math.max(atMs, this.nowMs), order: this.#order++, run })
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!this.#before(i, parent)) break
      this.#swap(i, parent)
      i = parent
    }
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run)
  }

  /** Runs everything due until `untilMs`, or until `isDone`; then it is that time. */
  runUntil(untilMs: number, isDone: () => boolean = () => false): boolean {
    while (!isDone()) {
      const next = this.#heap[0]
      if (!next || next.atMs > untilMs) {
        this.nowMs = untilMs
        return isDone()
      }
      this.#pop()
      this.nowMs = next.atMs
      next.run()
    }
    return true
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    heap[0] = last
    for (let i = 0; ; ) {
      let least = i
      for (const child of [2 * i + 1, 2 * i + 2]) if (child < heap.length && this.#before(child, least)) least = child
      if (least === i) return
      this.#swap(i, least)
      i = least
    }
  }

  #before(i: number, j: number): boolean {
    const a = this.#heap[i]!
    const b = this.#heap[j]!
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
  }

  #swap(i: number, j: number): void {
    const item = this.#heap[i]!
    this.#heap[i] = this.#heap[j]!
    this.#heap[j] = item
  }
}
