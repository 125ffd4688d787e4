/** Stands in for the engine: takes a lab, starts the janitor and two nodes, one of which gets stopped, and waits for its death. */
import { fork, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { identify } from '../../../src-main/janitor/identity'
import { openLedger } from '../../../src-main/janitor/ledger'
import { acquireLock } from '../../../src-main/janitor/lock'
import { removeLab } from '../../../src-main/janitor/sweep'
import type { JanitorCommand } from '../../../src-main/janitor/child'

const [labDir = '', token = ''] = process.argv.slice(2)
const lock = acquireLock(labDir)
if (!lock) throw new Error('the lab is taken')
const ledger = openLedger(labDir)
const data = join(labDir, 'nodes')
ledger.append({ type: 'lab', token }, { type: 'folder', path: data })
mkdirSync(data)

const env = { ...process.env, FAULTLINE_TOKEN: token, FAULTLINE_JANITOR: JSON.stringify({ labDir }) }
const pids = ['n1', 'n2'].map((name) => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { env, stdio: 'ignore', detached: true })
  const identity = identify(child.pid ?? 0, token)
  if (!identity) throw new Error(`${name} did not start`)
  ledger.append({ type: 'process-started', name, identity })
  return identity.pid
})
process.kill(pids[1]!, 'SIGSTOP')

const janitor = fork(join(import.meta.dirname, 'janitor.js'), { env, detached: true, execArgv: [] })
janitor.once('message', () => {
  const identity = identify(janitor.pid ?? 0, token)
  if (!identity) throw new Error('the janitor did not start')
  ledger.append({ type: 'process-started', name: 'janitor', identity })
  process.send?.({ pids, janitor: janitor.pid })
})
janitor.once('exit', (code) => {
  process.send?.({ janitorCode: code }, () => process.exit(0))
})
process.on('message', () => {
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  ledger.close()
  removeLab(labDir, lock)
  janitor.send({ type: 'done' } satisfies JanitorCommand)
})
