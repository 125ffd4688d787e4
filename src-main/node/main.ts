/** Entry of a node process: its configuration comes in the environment, its reports go over the IPC channel. */
import { holdBallast } from './ballast'
import { NODE_CONFIG_ENV, NODE_EXIT, type NodeCommand } from './child'
import { monotonicClock } from './clock'
import { clocksOf } from './clocks'
import { parseNodeConfig } from './config'
import { describe } from './error-text'
import { Harms } from './harms'
import { NodeLog } from './logs/log'
import { writeOut, writeOutNow } from './logs/standard-output'
import { stallLoop } from './loop-stalls'
import { Node } from './node'
import { Reports } from './reports'

/** a node that can't finish its answers by then goes without */
const STOP_MS = 1_500
/** a fatal report that nobody reads must not keep a broken node alive */
const FAREWELL_MS = 200

const reports = new Reports()
let isEnding = false
let node: Node | null = null
let harms: Harms | null = null
let log: NodeLog | null = null

function fail(code: number, message: string): void {
  if (isEnding) return
  isEnding = true
  node?.halt()
  log?.line('error', 'fatal', { code, message })
  log?.flushNow()
  if (log === null) process.stderr.write(`${message}\n`)
  setTimeout(() => process.exit(code), FAREWELL_MS)
  reports.send({ type: 'fatal', atNs: node?.nowNs() ?? 0, message }, () => process.exit(code))
}

function stop(): void {
  if (isEnding) return
  isEnding = true
  setTimeout(() => process.exit(NODE_EXIT.stopped), STOP_MS)
  void (node?.stop() ?? Promise.resolve())
    .catch((error: unknown) => process.stderr.write(`while stopping: ${String(error)}\n`))
    .finally(() => {
      log?.line('info', 'stopped')
      log?.flushNow()
      process.exit(NODE_EXIT.stopped)
    })
}

process.on('uncaughtException', (error) => fail(NODE_EXIT.bug, `node process: ${describe(error)}`))
process.on('unhandledRejection', (error) => fail(NODE_EXIT.bug, `node process: ${describe(error)}`))
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)
process.on('message', (command: NodeCommand) => {
  if (command?.type === 'stop') return stop()
  if (command?.type === 'harm') {
    const failure = harms === null ? 'the node has no configuration yet' : harms.take(command.id, command.harm)
    return reports.send({ type: 'harmed', order: command.order, failure })
  }
  const text = `an unknown command was ignored: ${JSON.stringify(command)}`
  reports.send({ type: 'event', event: { atNs: node?.nowNs() ?? 0, kind: 'note', level: 'warning', text } })
})

const config = parseNodeConfig(process.env[NODE_CONFIG_ENV])
if (typeof config === 'string') {
  fail(NODE_EXIT.config, config)
} else {
  delete process.env[NODE_CONFIG_ENV] // it holds the token
  harms = new Harms(config.harms)
  stallLoop(harms)
  holdBallast(harms)
  const clocks = clocksOf(monotonicClock(BigInt(config.originNs)), harms)
  log = new NodeLog({ node: config.id, nowNs: clocks.truth.nowNs, wallMs: clocks.wallMs, write: writeOut, writeNow: writeOutNow })
  node = new Node(config, harms, reports, log, clocks, fail)
  await node.start()
}
