/** The load generator's process: configuration in by environment, commands and reports over the channel to the engine. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { WorkloadCommand, WorkloadReport } from './child'
import { createClient } from './client'
import { readConfig } from './config'
import { Generator } from './generator'
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
  let generator: Generator | null = null
  let isDone = false

  const outbox = new Outbox(report, () => {
    const { user, system } = process.cpuUsage()
    // what the monitor records is the time between two of its own ticks
    const loopLagMsMax = Math.max(0, loopDelay.max / 1e6 - LOOP_RESOLUTION_MS)
    loopDelay.reset()
    const backlog = generator?.backlog() ?? { inFlight: 0, overdue: 0 }
    return { ...backlog, loopLagMsMax, cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() }
  })
  const { seed, durationMs, load } = config
  const timer = await createTimer({ seed, durationMs, ...load }, () => generator?.sendDue())

  const start = (atNs: number): void => {
    if (generator) throw new Error('start: the load has already started')
    const loadStartNs = BigInt(config.originNs) + BigInt(Math.round(atNs))
    const now = (): number => Number(process.hrtime.bigint() - loadStartNs)
    const client = createClient(config.nodes, load.client, now)
    const running = (generator = new Generator(config, client, outbox, now))
    timer.start(loadStartNs)
    loopDelay.enable()
    const ticker = setInterval(() => {
      if (!running.closeSeconds()) return void outbox.flush()
      clearInterval(ticker)
      loopDelay.disable()
      client.close()
      void finish(running)
    }, REPORT_EVERY_MS)
  }
  const finish = async (running: Generator): Promise<void> => {
    if (isDone) return
    isDone = true
    await outbox.drain()
    await report({ type: 'done', ...running.totals })
  }

  process.on('message', (command: WorkloadCommand) => {
    if (command.type === 'start') start(command.atNs)
    else if (command.type === 'stop') {
      timer.stop()
      if (generator) generator.stop()
      else void report({ type: 'done', intended: 0, notSent: 0 })
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
