/** Performs the calls of a schedule: on Toxiproxy, on node processes, on what runs beside them. One place for each kind. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Call, isOnProxy } from '@shared/plan/schedule'
import type { Harm } from '@shared/run/harm'
import type { Cluster } from '../cluster/cluster'

const LOOK_EVERY_MS = 5
/** A process that was killed may still be on its way out. */
const OUT_WITHIN_MS = 2_000

export class Hands {
  constructor(private readonly cluster: Cluster) {}

  /** Resolves when it was acknowledged and reads back. @throws what went wrong */
  async perform(call: Call): Promise<void> {
    switch (call.method) {
      case 'GET':
      case 'POST':
      case 'PATCH':
      case 'DELETE':
        return this.cluster.links.perform(call)
      case 'SIGNAL':
        return this.cluster.signal(call.path, call.body as 'SIGKILL' | 'SIGSTOP' | 'SIGCONT')
      case 'START':
        return this.start(call.path)
      case 'NODE': {
        const { id, harm } = call.body as { id: string; harm: Harm | null }
        return this.cluster.harm(call.path, id, harm)
      }
      case 'STOP':
      case 'AWAIT':
      case 'ADMIN':
      case 'BURN':
      case 'LOAD':
        throw new Error(`${call.method} ${call.path}: nobody here can do that`)
    }
  }

  /** The same for a call that undoes: harmless where nothing is left to undo. */
  undo(call: Call): Promise<void> {
    return isOnProxy(call) ? this.cluster.links.undo(call) : this.perform(call)
  }

  /** Undo of a crash. */
  private async start(id: string): Promise<void> {
    const deadlineNs = this.cluster.clock.nowNs() + OUT_WITHIN_MS * 1e6
    while (this.cluster.node(id).state !== 'down') {
      if (this.cluster.clock.nowNs() > deadlineNs) throw new Error(`${id} is still ${this.cluster.node(id).state}, it can't be started`)
      await delay(LOOK_EVERY_MS)
    }
    this.cluster.startNode(id)
  }
}
