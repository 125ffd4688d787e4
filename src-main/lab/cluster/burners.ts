/** Processes beside the nodes that take processor time: one a fault and node, each written down before it is told of. */
import type { ChildProcess } from 'node:child_process'
import { BURNER_CONFIG_ENV, type BurnerConfig, type BurnerReport } from '../../burner/child'
import { LabFailure } from '../failure'
import { exited, launchEntry } from '../launch/processes'
import type { Lab } from '../lab'

const READY_WITHIN_MS = 5_000
const GONE_WITHIN_MS = 2_000

interface Burner {
  child: ChildProcess
  /** processor time got, in cores: one reading a report */
  coresBusy: number[]
  ending: boolean
}

export class Burners {
  private readonly running = new Map<string, Burner>()

  constructor(
    private readonly lab: Lab,
    /** one ended by itself */
    private readonly onLost: (what: string) => void,
  ) {}

  /** Resolves when it burns. @throws LabFailure `instrument` when it does not */
  async start(fault: string, node: string, config: BurnerConfig): Promise<void> {
    const key = keyOf(fault, node)
    if (this.running.has(key)) return
    const name = `burner-${fault}-${node}`
    const env = { [BURNER_CONFIG_ENV]: JSON.stringify(config) }
    const child = launchEntry('burner', { name, token: this.lab.token, logFile: this.lab.logFile(name), env })
    const pid = child.pid!
    this.lab.processStarted(name, pid)
    const burner: Burner = { child, coresBusy: [], ending: false }
    this.running.set(key, burner)
    const isBurning = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), READY_WITHIN_MS)
      const settle = (result: boolean): void => {
        clearTimeout(timer)
        resolve(result)
      }
      child.on('message', (report) => {
        const { cpuMs, elapsedMs } = report as BurnerReport
        burner.coresBusy.push(cpuMs / elapsedMs)
        settle(true)
      })
      child.on('exit', (code, signal) => {
        this.lab.processEnded(pid)
        this.running.delete(key)
        settle(false)
        if (!burner.ending) this.onLost(`${name} ended by itself (code ${code}, signal ${signal})`)
      })
    })
    if (!(await isBurning)) throw new LabFailure('instrument', `${name} has not begun to burn within ${READY_WITHIN_MS / 1000} s`)
  }

  /** Harmless where none is. @throws LabFailure `instrument` when it does not go */
  async end(fault: string, node: string): Promise<void> {
    const key = keyOf(fault, node)
    if (!(await this.endOne(key))) throw new LabFailure('instrument', `burner-${fault}-${node} is still there`)
  }

  /** @returns names of what could not be ended */
  async endAll(): Promise<string[]> {
    const ended = await Promise.all([...this.running.keys()].map(async (key) => ((await this.endOne(key)) ? [] : [`burner ${key}`])))
    return ended.flat()
  }

  /** What each that burns beside these nodes got, in cores: readings since its start. Empty where none is. */
  readings(nodes: readonly string[]): number[][] {
    return [...this.running].flatMap(([key, { coresBusy }]) => (nodes.some((node) => key.endsWith(` ${node}`)) ? [coresBusy] : []))
  }

  private async endOne(key: string): Promise<boolean> {
    const burner = this.running.get(key)
    if (!burner) return true
    burner.ending = true
    burner.child.kill('SIGKILL')
    return exited(burner.child, GONE_WITHIN_MS)
  }
}

const keyOf = (fault: string, node: string): string => `${fault} ${node}`
