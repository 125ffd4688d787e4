/** Tells node processes what to suffer, and keeps what is in force: it is told again to a process that takes another's place. */
import type { Harm } from '@shared/run/harm'
import { messageOf } from '../failure'
import type { NodeProcess } from './node-process'
import { Orders } from './orders'

export class HarmOrders {
  private readonly orders = new Orders()

  /** @param onUnheard a node that was stopped when it was told has not answered */
  constructor(private readonly onUnheard: (why: string) => void) {}

  /**
   * `harm` null = that of the fault has ended. A node that is down is told at its start; one that is stopped is told when
   * it goes on, which nobody waits for.
   * @throws LabFailure `instrument` when it does not do as told
   */
  async tell(node: NodeProcess, fault: string, harm: Harm | null): Promise<void> {
    if (harm) node.harms.set(fault, harm)
    try {
      await this.tellProcess(node, fault, harm)
    } finally {
      // only now: what it dies of on its way out is still no surprise
      if (!harm) node.harms.delete(fault)
    }
  }

  answered(order: number, failure: string | null): void {
    this.orders.answered(order, failure)
  }

  private async tellProcess(node: NodeProcess, fault: string, harm: Harm | null): Promise<void> {
    const { child, state } = node
    if (!child || state === 'down') return
    const done = this.orders.give(child, { type: 'harm', id: fault, harm }, `${node.id}: ${harm?.kind ?? 'end of a harm'}`)
    if (state === 'paused') return void done.catch((error: unknown) => this.onUnheard(messageOf(error)))
    try {
      await done
    } catch (error) {
      if (node.child === child) throw error
      return this.tellProcess(node, fault, harm) // it ended meanwhile: whoever has taken its place may not know of it
    }
  }
}
