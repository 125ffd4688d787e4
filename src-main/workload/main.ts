/** The load generator's process: configuration in by environment, commands and reports over the channel to the engine. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { WorkloadCommand, WorkloadReport } from './child'
import { readConfig } from './config'
import { Groups } from './groups'
import { Outbox } from './outbox'
import { createTimer } from './wake'

const REPORT_EVERY_MS = 200
const LOOP_RESOLUTION_MS = 10

process.on('disconnect', () => process.exit(0))
process.on('uncaughtException', (error) => void die(error))
run().catch(die)

async function run(): Promise<void> {
  const config = readConfig(process.env)
  const loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  let groups: Groups | null = null
  let loadStartNs = 0n
  let isDone = false

  const outbox = new Outbox(report, () => {
    const { user, system } = process.cpuUsage()
    // what the monitor records is the time between two of its own ticks
    const loopLagMsMax = Math.max(0, loopDelay.max / 1e6 - LOOP_RESOLUTION_MS)
    loopDelay.reset()
    const reading = groups?.reading() ?? { atNs: 0, inFlight: 0, overdue: 0, groups: [] }
    return { ...reading, loopLagMsMax, cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() }
  })
  const timer = await createTimer(() => sendDue())
  const sendDue = (): void => {
    const nextNs = groups?.sendDue() ?? null
    timer.wakeAt(nextNs === null ? null : loadStartNs + BigInt(nextNs))
  }

  const start = (atNs: number): void => {
    if (groups) throw new Error('start: the load has already started')
    loadStartNs = BigInt(config.originNs) + BigInt(Math.round(atNs))
    const now = (): number => Number(process.hrtime.bigint() - loadStartNs)
    const running = (groups = new Groups(config, outbox, now))
    sendDue()
    loopDelay.enable()
    const ticker = setInterval(() => {
      if (!running.closeSeconds()) return void outbox.flush()
      clearInterval(ticker)
      loopDelay.disable()
      running.close()
      void finish(running)
    }, REPORT_EVERY_MS)
  }
  const finish = async (running: Groups): Promise<void> => {
    if (isDone) return
    isDone = true
    await outbox.drain()
    await report({ type: 'done', ...running.totals() })
  }

  process.on('message', (command: WorkloadCommand) => {
    if (command.type === 'start') start(command.atNs)
    else if (command.type === 'stop') {
      timer.wakeAt(null)
      if (groups) groups.stop()
      else void report({ type: 'done', intended: 0, notSent: 0 })
    } else if (command.type === 'change') {
      const { order, group, id, change } = command
      const failure = groups ? groups.change(group, id, change) : 'the load has not started'
      sendDue()
      void report({ type: 'changed', order, failure })
    } else throw new Error(`unknown command ${JSON.stringify(command)}`)
  })
  await report({ type: 'ready', pid: process.pid })
}

/** Resolves when the channel has taken it, or is gone: then `disconnect` ends the process. */
function report(message: WorkloadReport): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) return resolve()
    process.send(message, () => resolve())
  })
}

async function die(error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`load generator: ${message}\n`)
  await report({ type: 'fatal', message })
  process.exit(1)
}
