/**
 * A fault is a lease: its undo and its end are durable before it is applied; it is applied, seen, and undone even if
 * everything else fails. Each stage becomes an event, since requested is not yet effective.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { FaultSpec } from '@shared/plan/plan'
import type { Call, DrawnTarget } from '@shared/plan/schedule'
import type { FaultStage, RunEvent } from '@shared/run/event'
import type { Cluster } from '../cluster/cluster'
import { messageOf } from '../failure'
import type { Lab } from '../lab'
import { rttOf } from './fault'
import { observers } from './index'

export type LeaseState = 'planned' | 'applying' | 'active' | 'undoing' | 'gone' | 'failed'

const LOOK_EVERY_MS = 5

/** Whom it hits and what is called for it, drawn at the moment of injection (`prepareFault`). */
export interface PreparedFault {
  drawn: DrawnTarget
  calls: Call[]
  undo: Call[]
}

export class Lease {
  state: LeaseState = 'planned'
  drawn: DrawnTarget | null = null
  effectiveNs: number | null = null
  goneNs: number | null = null
  private undo: Call[] = []
  private undoing: Promise<boolean> | null = null
  private readonly rttBefore = new Map<string, number>()

  constructor(
    readonly spec: FaultSpec,
    private readonly cluster: Cluster,
    private readonly lab: Lab,
    /** durable when it returns, for stages that must be */
    private readonly record: (event: RunEvent) => void,
  ) {}

  get targets(): string[] {
    if (!this.drawn) return [this.spec.target.text]
    const { nodes, links, clients } = this.drawn
    if (nodes.length > 0) return nodes
    return links.length > 0 ? links.map(({ from, to }) => `${from}->${to}`) : clients.map((id) => `client-${id}`)
  }

  /** Applies and watches for the effect. @returns why it could not be applied; null when every call was acknowledged */
  async apply({ drawn, calls, undo }: PreparedFault, untilWallMs: number): Promise<string | null> {
    this.drawn = drawn
    this.undo = undo
    this.state = 'applying'
    for (const { from, to } of drawn.links) {
      const rtt = rttOf(this.cluster, from, to)
      if (rtt !== null) this.rttBefore.set(`${from}-${to}`, rtt)
    }
    this.lab.leaseTaken(this.spec.id, this.spec.fault, undo, untilWallMs)
    this.emit('requested')
    try {
      for (const call of calls) await this.perform(call)
    } catch (error) {
      this.state = 'failed'
      this.emit('failed', messageOf(error))
      await this.end()
      return messageOf(error)
    }
    const acknowledgedNs = this.emit('acknowledged')
    this.state = 'active'
    void this.watch('observed', acknowledgedNs)
    return null
  }

  /** A fault that can't be applied at all: refused before anything was done. */
  refuse(why: string): void {
    this.state = 'failed'
    this.emit('failed', why)
  }

  /** Undoes it, once; a second call waits for the first. @returns whether everything was undone */
  end(): Promise<boolean> {
    this.undoing ??= this.undoAll()
    return this.undoing
  }

  private async undoAll(): Promise<boolean> {
    if (this.undo.length === 0) return true
    const failedBefore = this.state === 'failed'
    this.state = 'undoing'
    this.emit('undo-requested')
    const failures: string[] = []
    for (const call of this.undo) {
      try {
        await this.perform(call)
      } catch (error) {
        failures.push(messageOf(error))
      }
    }
    if (failures.length > 0) {
      this.state = 'failed'
      this.emit('failed', `undo: ${failures.join('; ')}`)
      return false
    }
    const undoneNs = this.emit('undone')
    this.lab.leaseUndone(this.spec.id)
    this.goneNs = undoneNs
    this.state = failedBefore ? 'failed' : 'gone'
    await this.watch('observed-gone', undoneNs)
    return true
  }

  /** Looks until the effect shows (or is gone), within the family's time; says so, or says nothing. */
  private async watch(stage: 'observed' | 'observed-gone', acknowledgedNs: number): Promise<void> {
    const observer = observers[this.spec.fault]
    const drawn = this.drawn!
    const deadlineNs = acknowledgedNs + observer.withinMs * 1e6
    while (this.cluster.clock.nowNs() < deadlineNs) {
      if (stage === 'observed' && this.undoing) return
      const observation = { cluster: this.cluster, spec: this.spec, drawn, acknowledgedNs, rttBefore: this.rttBefore }
      const seen = stage === 'observed' ? observer.isThere(observation) : observer.isGone(observation)
      if (seen !== null) {
        if (stage === 'observed') this.effectiveNs = acknowledgedNs
        this.emit(stage, seen)
        return
      }
      await delay(LOOK_EVERY_MS)
    }
  }

  private async perform(call: Call): Promise<void> {
    switch (call.method) {
      case 'SIGNAL':
        return this.cluster.signal(call.path, call.body as 'SIGKILL' | 'SIGSTOP' | 'SIGCONT')
      case 'START':
        return this.start(call.path)
      default:
        if (!this.cluster.toxiproxy) throw new Error(`${call.method} ${call.path}: this cluster has no Toxiproxy`)
        return this.cluster.toxiproxy.api.perform(call)
    }
  }

  /** Undo of a crash; the process may still be on its way out. */
  private async start(id: string): Promise<void> {
    const deadlineNs = this.cluster.clock.nowNs() + 2e9
    while (this.cluster.node(id).state !== 'down') {
      if (this.cluster.clock.nowNs() > deadlineNs) throw new Error(`${id} is still ${this.cluster.node(id).state}, it can't be started`)
      await delay(LOOK_EVERY_MS)
    }
    this.cluster.startNode(id)
  }

  private emit(stage: FaultStage, detail?: string): number {
    const atNs = this.cluster.clock.nowNs()
    this.record({
      atNs,
      kind: 'fault',
      id: this.spec.id,
      fault: this.spec.fault,
      stage,
      targets: this.targets,
      ...(this.drawn && Object.keys(this.drawn.roles).length > 0 ? { roles: this.drawn.roles } : {}),
      ...(detail === undefined ? {} : { detail }),
    })
    return atNs
  }
}
