/** Who waits for leadership to be moved: told when it is, when the core gives up, or when time is up. */
import type { CoreEvent, NodeId } from '../raft/types'

export type TransferEnd = 'done' | 'given-up' | 'unknown'

export class Transfers {
  private waiting: { to: NodeId; settle: (end: TransferEnd) => void }[] = []

  /** @param limitMs then nobody knows how it ended */
  wait(to: NodeId, limitMs: number): Promise<TransferEnd> {
    return new Promise((resolve) => {
      const entry = {
        to,
        settle: (end: TransferEnd): void => {
          clearTimeout(timer)
          this.waiting = this.waiting.filter((other) => other !== entry)
          resolve(end)
        },
      }
      const timer = setTimeout(() => entry.settle('unknown'), limitMs)
      this.waiting.push(entry)
    })
  }

  take(event: CoreEvent): void {
    if (event.kind !== 'transfer' || event.stage === 'begun') return
    for (const { to, settle } of [...this.waiting]) if (to === event.to) settle(event.stage)
  }

  stop(): void {
    for (const { settle } of [...this.waiting]) settle('unknown')
  }
}
