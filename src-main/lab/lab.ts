/**
 * A lab: the folder an engine owns while it works, locked for the engine's life, with a ledger of everything that must
 * be ended or undone and a janitor that does so if the engine vanishes.
 */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Call } from '@shared/plan/schedule'
import { JANITOR_CONFIG_ENV } from '../janitor/child'
import { identify } from '../janitor/identity'
import { type Ledger, openLedger } from '../janitor/ledger'
import { acquireLock, type Lock } from '../janitor/lock'
import { removeLab } from '../janitor/sweep'
import { LabFailure } from './failure'
import type { DataFolder } from './launch/paths'
import { exited, launchEntry, tell } from './launch/processes'

export interface LabOptions {
  /** keep the nodes' data in this folder instead of a temporary one */
  keepDir?: string
  onJanitorRestart?: () => void
}

export class Lab {
  readonly id: string
  readonly dir: string
  readonly nodesDir: string
  /** bearer token of this lab's control channels, and the mark its processes carry */
  readonly token = randomBytes(24).toString('base64url')
  private readonly lock: Lock
  private readonly ledger: Ledger
  private janitor: ChildProcess | null = null
  private closing = false

  constructor(data: DataFolder, private readonly options: LabOptions = {}) {
    this.id = `lab-${process.pid}-${randomBytes(4).toString('hex')}`
    this.dir = join(data.labs, this.id)
    mkdirSync(join(this.dir, 'logs'), { recursive: true, mode: 0o700 })
    const lock = acquireLock(this.dir)
    if (!lock) throw new LabFailure('busy', `the new lab folder ${this.dir} is locked by another process`)
    this.lock = lock
    this.ledger = openLedger(this.dir)
    this.ledger.append({ type: 'lab', token: this.token })
    this.nodesDir = options.keepDir ?? join(this.dir, 'nodes')
    mkdirSync(this.nodesDir, { recursive: true, mode: 0o700 })
    this.startJanitor()
  }

  logFile(name: string): string {
    return join(this.dir, 'logs', `${name}.log`)
  }

  get janitorPid(): number | null {
    return this.janitor?.pid ?? null
  }

  processStarted(name: string, pid: number): void {
    const identity = identify(pid, this.token)
    if (identity) this.ledger.append({ type: 'process-started', name, identity })
  }

  processEnded(pid: number): void {
    if (!this.closed) this.ledger.append({ type: 'process-ended', pid })
  }

  /** Durable before the fault is applied: whoever comes after a crash knows what to undo. */
  leaseTaken(id: string, fault: string, undo: Call[], untilWallMs: number): void {
    this.ledger.append({ type: 'lease', id, fault, undo, until: untilWallMs })
  }

  /** The run this lab records: if the engine dies, it opens as ERRORED. */
  runBegun(run: string, database: string): void {
    this.ledger.append({ type: 'run', run, db: database })
  }

  leaseUndone(id: string): void {
    this.ledger.append({ type: 'lease-undone', id })
  }

  private closed = false

  /** Everything was ended and undone: the janitor goes, the folder goes. @returns whether nothing was left */
  async close(): Promise<boolean> {
    this.closing = true
    const janitor = this.janitor
    let janitorGone = true
    if (janitor) {
      tell(janitor, { type: 'done' })
      janitorGone = await exited(janitor, 2_000)
      if (!janitorGone) {
        janitor.kill('SIGKILL')
        janitorGone = await exited(janitor, 2_000)
      }
    }
    this.closed = true
    this.ledger.close()
    removeLab(this.dir, this.lock)
    return janitorGone
  }

  private startJanitor(): void {
    const janitor = launchEntry('janitor', {
      name: 'janitor',
      token: this.token,
      logFile: this.logFile('janitor'),
      env: { [JANITOR_CONFIG_ENV]: JSON.stringify({ labDir: this.dir }) },
    })
    this.janitor = janitor
    this.processStarted('janitor', janitor.pid!)
    janitor.on('exit', () => {
      if (this.closing) return
      this.processEnded(janitor.pid!)
      this.startJanitor()
      this.options.onJanitorRestart?.()
    })
  }
}
