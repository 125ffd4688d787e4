/**
 * A fault is a lease: its undo and its end are durable before it is applied; it is applied, seen, and undone even if
 * everything else fails. Each stage becomes an event, since requested is not yet effective.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { FaultSpec } from '@shared/plan/plan'
import type { Call, DrawnTarget } from '@shared/plan/schedule'
import type { FaultSize, FaultStage, RunEvent } from '@shared/run/event'
import type { Cluster } from '../cluster/cluster'
import { messageOf } from '../failure'
import type { Lab } from '../lab'
import { Declined } from './admin'
import type { Observation } from './fault'
import type { Hands } from './hands'
import { observerOf } from './index'
import type { Traffic } from './traffic'

export type LeaseState = 'planned' | 'applying' | 'active' | 'undoing' | 'gone' | 'failed'

const LOOK_EVERY_MS = 5
/** The size so far is for people's eyes. */
const SIZE_EVERY_NS = 1e9

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
  /** what was last seen of it, in words */
  seen: string | null = null
  private size: FaultSize | null = null
  private sizedNs = -Infinity
  private undo: Call[] = []
  private applying: Promise<string | null> = Promise.resolve(null)
  private undoing: Promise<boolean> | null = null
  private ending: Promise<boolean> | null = null
  private requestedNs = 0
  private untilNs = 0
  /** the cluster said no to an operator's order: no failure of the lab, and the run goes on */
  private isDeclined = false
  private acknowledgedNs = 0
  private script: Promise<void> = Promise.resolve()

  constructor(
    readonly spec: FaultSpec,
    private readonly cluster: Cluster,
    private readonly hands: Hands,
    private readonly traffic: Traffic,
    private readonly lab: Lab,
    /** durable when it returns, for stages that must be */
    private readonly record: (event: RunEvent) => void,
    /** a call that comes later could not be performed */
    private readonly onFailure: (why: string) => void,
  ) {}

  get targets(): string[] {
    if (!this.drawn) return [this.spec.target.text]
    const { nodes, links, clients, groups } = this.drawn
    if (groups.length > 0) return groups
    if (nodes.length > 0) return nodes
    return links.length > 0 ? links.map(({ from, to }) => `${from}->${to}`) : clients.map((id) => `client-${id}`)
  }

  /** Applies and watches for the effect. @returns why it could not be applied; null when every call was acknowledged */
  async apply({ drawn, calls, undo }: PreparedFault, untilWallMs: number): Promise<string | null> {
    this.drawn = drawn
    this.undo = undo
    this.untilNs = (untilWallMs - this.cluster.clock.startedWallMs) * 1e6
    this.state = 'applying'
    this.lab.leaseTaken(this.spec.id, this.spec.fault, undo, untilWallMs)
    this.requestedNs = this.emit('requested')
    const later = calls.findIndex((call) => (call.after_ms ?? 0) > 0 || call.gap_ms !== undefined || call.method === 'AWAIT')
    const atOnce = later < 0 ? calls : calls.slice(0, later)
    this.applying = this.performAtOnce(atOnce)
    const failure = await this.applying
    if (failure !== null) {
      this.state = 'failed'
      this.emit('failed', failure)
      await this.end()
      return this.isDeclined ? null : failure
    }
    if (this.undoing) return null // the run was halted meanwhile
    this.acknowledgedNs = this.emit('acknowledged')
    this.state = 'active'
    this.cluster.prober.attend(this.spec.id, observerOf(this.spec.fault).probes?.({ cluster: this.cluster, values: this.spec.values, drawn }) ?? [])
    this.script = this.perform(calls.slice(atOnce.length))
    void this.watch('observed', this.acknowledgedNs)
    return null
  }

  /** Stops where the undo begins. @returns why one could not be performed */
  private async performAtOnce(calls: readonly Call[]): Promise<string | null> {
    try {
      for (const call of calls) if (!this.undoing) await this.hands.perform(call, () => this.undoing !== null)
      return null
    } catch (error) {
      this.isDeclined = error instanceof Declined
      return messageOf(error)
    }
  }

  /** The calls that come later, each when the fault is old enough; stops where the undo begins. */
  private async perform(calls: readonly Call[]): Promise<void> {
    let doneNs = this.acknowledgedNs
    for (const call of calls) {
      const dueNs = Math.max(this.acknowledgedNs + (call.after_ms ?? 0) * 1e6, doneNs + (call.gap_ms ?? 0) * 1e6)
      while (!this.undoing && this.cluster.clock.nowNs() < dueNs) await delay(Math.min(LOOK_EVERY_MS, (dueNs - this.cluster.clock.nowNs()) / 1e6))
      if (this.undoing) return
      try {
        await this.hands.perform(call, () => this.undoing !== null)
        doneNs = this.cluster.clock.nowNs()
      } catch (error) {
        if (error instanceof Declined) this.emit('failed', messageOf(error))
        else if (!this.undoing) this.onFailure(messageOf(error))
        return
      }
    }
  }

  /** Its moment has come. */
  plan(why: string): void {
    this.emit('planned', why)
  }

  /** A fault that can't be applied at all: refused before anything was done. */
  refuse(why: string): void {
    this.state = 'failed'
    this.emit('failed', why)
  }

  /** Undoes it, once: a second call waits for the first. @returns whether everything was undone */
  release(): Promise<boolean> {
    this.undoing ??= this.undoAll()
    return this.undoing
  }

  /** The same, and looks until it is seen to be gone. */
  end(): Promise<boolean> {
    this.ending ??= this.release().then(async (isUndone) => {
      if (isUndone && this.goneNs !== null && this.undo.length > 0) await this.watch('observed-gone', this.goneNs)
      this.cluster.prober.release(this.spec.id)
      return isUndone
    })
    return this.ending
  }

  /** Asked beside seen until now; read anew when that was long ago. */
  sizeSoFar(): FaultSize | null {
    const nowNs = this.cluster.clock.nowNs()
    if (this.state !== 'active' || nowNs - this.sizedNs < SIZE_EVERY_NS) return this.size
    this.sizedNs = nowNs
    this.readSize()
    return this.size
  }

  /** Its undo lets processes go on that stand still. */
  get resumes(): boolean {
    return this.undo.some((call) => call.method === 'SIGNAL' && call.body === 'SIGCONT')
  }

  private async undoAll(): Promise<boolean> {
    if (!this.drawn) return true
    const failedBefore = this.state === 'failed'
    this.measure()
    this.state = 'undoing'
    if (this.undo.length > 0) this.emit('undo-requested')
    await this.applying
    await this.script
    const failures: string[] = []
    for (const call of this.undo) {
      try {
        await this.hands.undo(call)
      } catch (error) {
        failures.push(messageOf(error))
      }
    }
    if (failures.length > 0) {
      this.state = 'failed'
      this.emit('failed', `undo: ${failures.join('; ')}`)
      return false
    }
    const undoneNs = this.emit('undone', this.undo.length === 0 ? 'what was done stays' : undefined)
    this.lab.leaseUndone(this.spec.id)
    this.goneNs = undoneNs
    this.state = failedBefore ? 'failed' : 'gone'
    return true
  }

  /** Looks until the effect shows (or is gone), within the family's time; says so, or says nothing. */
  private async watch(stage: 'observed' | 'observed-gone', acknowledgedNs: number): Promise<void> {
    const observer = observerOf(this.spec.fault)
    const withinMs = typeof observer.withinMs === 'number' ? observer.withinMs : observer.withinMs(this.spec.values)
    const deadlineNs = acknowledgedNs + withinMs * 1e6
    while (this.cluster.clock.nowNs() < deadlineNs) {
      if (stage === 'observed' && this.undoing) return
      const observation = this.observation(acknowledgedNs)
      const seen = stage === 'observed' ? observer.isThere(observation) : observer.isGone(observation)
      if (seen !== null) {
        if (stage === 'observed') this.effectiveNs = acknowledgedNs
        this.seen = seen
        this.emit(stage, seen)
        return
      }
      await delay(LOOK_EVERY_MS)
    }
  }

  /** Its size, from what was read while it was in force. */
  private measure(): void {
    if (this.state !== 'active') return
    this.readSize()
    if (this.size) this.emit('measured', undefined, this.size)
  }

  private readSize(): void {
    this.size = observerOf(this.spec.fault).size?.(this.observation(this.acknowledgedNs)) ?? null
  }

  private observation(acknowledgedNs: number): Observation {
    const { cluster, traffic, spec, requestedNs, untilNs } = this
    const readings: Observation['readings'] = (fromNs, toNs) => cluster.prober.readings(spec.id, fromNs, toNs)
    return { cluster, traffic, values: spec.values, drawn: this.drawn!, requestedNs, acknowledgedNs, untilNs, readings }
  }

  private emit(stage: FaultStage, detail?: string, size?: FaultSize): number {
    const atNs = this.cluster.clock.nowNs()
    const event: RunEvent = {
      atNs,
      kind: 'fault',
      id: this.spec.id,
      fault: this.spec.fault,
      stage,
      targets: this.targets,
      ...(this.drawn && Object.keys(this.drawn.roles).length > 0 ? { roles: this.drawn.roles } : {}),
      ...(detail === undefined ? {} : { detail }),
      ...(size === undefined ? {} : { size }),
    }
    try {
      this.record(event)
    } catch (error) {
      // Nothing is applied that is not on record; everything is undone, whether that can be recorded or not.
      if (stage === 'requested') throw error
      this.onFailure(`${stage} could not be recorded: ${messageOf(error)}`)
    }
    return atNs
  }
}
