/** Performs the calls of a schedule: on Toxiproxy, on node processes, on what runs beside them. One place for each kind. */
import { setTimeout as delay } from 'node:timers/promises'
import { type AwaitedState, type Call, isOnProxy } from '@shared/plan/schedule'
import type { AdminBody } from '@shared/plan/faults/operator'
import type { Harm } from '@shared/run/harm'
import type { LoadChange } from '@shared/run/load-change'
import type { ForcedWord } from '../../node/child'
import type { Cluster } from '../cluster/cluster'
import { giveOrder } from './admin'
import { awaitNode } from './awaiting'
import type { LoadOrders } from './traffic'

const LOOK_EVERY_MS = 5
/** A process that was killed may still be on its way out. */
const OUT_WITHIN_MS = 2_000

export class Hands {
  constructor(
    private readonly cluster: Cluster,
    private readonly load: LoadOrders,
  ) {}

  /**
   * Resolves when it was acknowledged and reads back.
   *
   * @param givenUp the fault ends: there is nothing to wait for any more
   * @throws what went wrong
   */
  async perform(call: Call, givenUp: () => boolean = () => false): Promise<void> {
    switch (call.method) {
      case 'GET':
      case 'POST':
      case 'PATCH':
      case 'DELETE':
        return this.cluster.links.perform(call)
      case 'SIGNAL':
        return this.cluster.signal(call.path, call.body as 'SIGKILL' | 'SIGSTOP' | 'SIGCONT')
      case 'START':
        return this.start(call.path, call.body as ForcedWord | null)
      case 'NODE': {
        const { id, harm } = call.body as { id: string; harm: Harm | null }
        return this.cluster.harm(call.path, id, harm)
      }
      case 'STOP':
        return this.cluster.stopNode(call.path)
      case 'AWAIT':
        return awaitNode(this.cluster, call.path, call.body as AwaitedState, givenUp)
      case 'ADMIN':
        return giveOrder(this.cluster, call.path, call.body as AdminBody, givenUp)
      case 'BURN':
        return this.burn(call.path, call.body as { id: string; share: number; cores: number })
      case 'LOAD': {
        const { id, change } = call.body as { id: string; change: LoadChange | null }
        return this.load.change(call.path, id, change)
      }
    }
  }

  /** The same for a call that undoes: harmless where nothing is left to undo. */
  undo(call: Call): Promise<void> {
    return isOnProxy(call) ? this.cluster.links.undo(call) : this.perform(call)
  }

  private burn(node: string, { id, share, cores }: { id: string; share: number; cores: number }): Promise<void> {
    const { burners } = this.cluster
    return share === 0 ? burners.end(id, node) : burners.start(id, node, { share, cores })
  }

  /** Whoever runs already is left alone: an undo may come to a node that is back. */
  private async start(id: string, forced: ForcedWord | null): Promise<void> {
    const deadlineNs = this.cluster.clock.nowNs() + OUT_WITHIN_MS * 1e6
    while (this.cluster.isEnding(id)) {
      if (this.cluster.clock.nowNs() > deadlineNs) throw new Error(`${id} was killed and is still ${this.cluster.node(id).state}, it can't be started`)
      await delay(LOOK_EVERY_MS)
    }
    if (forced) this.cluster.force(id, forced)
    if (this.cluster.node(id).state === 'down') this.cluster.startNode(id)
  }
}
