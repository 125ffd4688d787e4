/** How many exchanges a client group may have with one node at a time: one connection each. The others wait, first come first served. */

export class Pool {
  /** how many had to wait until now */
  waited = 0
  private inUse = 0
  private inUseMax = 0
  private readonly queue = new Set<(isMine: boolean) => void>()

  /** @param size null = no bound */
  constructor(private size: number | null) {}

  get waiting(): number {
    return this.queue.size
  }

  resize(size: number | null): void {
    this.size = size
    this.serve()
  }

  /** @returns whether there was a place at once; then `release` has to follow */
  takeFree(): boolean {
    const isFree = this.hasRoom() && this.queue.size === 0
    if (isFree) this.enter()
    return isFree
  }

  /** Waits for a place. @returns whether it was got within the time; then `release` has to follow */
  take(withinMs: number): Promise<boolean> {
    this.waited++
    return new Promise((resolve) => {
      const settle = (isMine: boolean): void => {
        clearTimeout(timer)
        this.queue.delete(settle)
        resolve(isMine)
      }
      const timer = setTimeout(() => settle(false), withinMs)
      this.queue.add(settle)
    })
  }

  release(): void {
    this.inUse--
    this.serve()
  }

  /** The most that were in use at once since this was asked the last time. */
  takeInUseMax(): number {
    const most = this.inUseMax
    this.inUseMax = this.inUse
    return most
  }

  private enter(): void {
    this.inUse++
    this.inUseMax = Math.max(this.inUseMax, this.inUse)
  }

  private serve(): void {
    for (const settle of this.queue) {
      if (!this.hasRoom()) return
      this.enter()
      settle(true)
    }
  }

  private hasRoom(): boolean {
    return this.size === null || this.inUse < this.size
  }
}
