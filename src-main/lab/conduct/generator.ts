/** The load generator's process, from the engine's side. */
import type { ChildProcess } from 'node:child_process'
import type { LoadChange } from '@shared/run/load-change'
import { WORKLOAD_CONFIG_ENV, type WorkloadConfig, type WorkloadReport } from '../../workload/child'
import { Orders } from '../cluster/orders'
import { LabFailure } from '../failure'
import type { Lab } from '../lab'
import { exited, launchEntry, logTail, tell } from '../launch/processes'

const NAME = 'generator'
const READY_WITHIN_MS = 5_000

export type Batch = Extract<WorkloadReport, { type: 'batch' }>
export type Interval = Extract<WorkloadReport, { type: 'interval' }>['interval']

export interface GeneratorListener {
  batch(batch: Batch): void
  interval(interval: Interval): void
  /** it can't go on: ended by itself, or says so */
  broken(what: string): void
}

export class Generator {
  private readonly child: ChildProcess
  private readonly ready: Promise<void>
  private done: { intended: number; notSent: number } | null = null
  private onDone: (() => void) | null = null
  private stopping = false
  private readonly orders = new Orders()

  constructor(
    private readonly lab: Lab,
    config: WorkloadConfig,
    listener: GeneratorListener,
  ) {
    this.child = launchEntry('workload', {
      name: NAME,
      token: lab.token,
      logFile: lab.logFile(NAME),
      env: { [WORKLOAD_CONFIG_ENV]: JSON.stringify(config) },
    })
    const pid = this.child.pid!
    lab.processStarted(NAME, pid)
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new LabFailure('missing', `the load generator was not ready within ${READY_WITHIN_MS / 1000} s`)), READY_WITHIN_MS)
      this.child.on('message', (message) => {
        const report = message as WorkloadReport
        switch (report.type) {
          case 'ready':
            clearTimeout(timer)
            return resolve()
          case 'batch':
            return listener.batch(report)
          case 'interval':
            return listener.interval(report.interval)
          case 'done':
            this.done = { intended: report.intended, notSent: report.notSent }
            return this.onDone?.()
          case 'changed':
            return this.orders.answered(report.order, report.failure)
          case 'fatal':
            return listener.broken(`the load generator gave up: ${report.message}`)
        }
      })
      this.child.on('exit', (code, signal) => {
        clearTimeout(timer)
        lab.processEnded(pid)
        this.onDone?.()
        const what = `the load generator ended by itself (code ${code}, signal ${signal}): ${logTail(lab.logFile(NAME))}`
        reject(new LabFailure('missing', what))
        if (!this.stopping) listener.broken(what)
      })
    })
    this.ready.catch(() => undefined) // reported where it is awaited
  }

  /** Everything that was asked is settled, or it is gone. */
  get isOver(): boolean {
    return this.done !== null || this.child.exitCode !== null || this.child.signalCode !== null
  }

  get pid(): number {
    return this.child.pid!
  }

  untilReady(): Promise<void> {
    return this.ready
  }

  start(atNs: number): void {
    tell(this.child, { type: 'start', atNs })
  }

  /** A group asks otherwise from now on; null = that ends. @throws LabFailure `instrument` when it does not do as told */
  change(group: string, id: string, change: LoadChange | null): Promise<void> {
    if (change === null && this.isOver) return Promise.resolve()
    return this.orders.give(this.child, { type: 'change', group, id, change }, `load of ${group}: ${change?.kind ?? 'end of a change'}`)
  }

  /** No new requests; waits for what is in flight. @returns null when it did not answer in time */
  async finish(withinMs: number): Promise<{ intended: number; notSent: number } | null> {
    this.stopping = true
    tell(this.child, { type: 'stop' })
    if (!this.isOver) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs)
        this.onDone = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return this.done
  }

  /** @returns whether the process is gone */
  async end(): Promise<boolean> {
    this.stopping = true
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL')
    return exited(this.child, 2_000)
  }
}
