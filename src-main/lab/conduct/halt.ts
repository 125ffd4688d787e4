/** Why a run ends before its plan does; everything that waits, waits for this, too. */

export type HaltReason =
  /** a person, or the plan's own guard */
  | { end: 'CANCELED'; by: string }
  /** the lab itself could not go on */
  | { end: 'ERRORED'; by: string }

export class Halt {
  reason: HaltReason | null = null
  private readonly waiting = new Set<() => void>()

  /** The first reason counts. */
  now(reason: HaltReason): void {
    this.reason ??= reason
    for (const wake of this.waiting) wake()
    this.waiting.clear()
  }

  /** Resolves after `ms`, or at once when halted. */
  orAfter(ms: number): Promise<void> {
    if (this.reason || ms <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.waiting.add(wake)
    })
  }
}
