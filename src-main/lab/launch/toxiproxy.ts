/** Starts the lab's own Toxiproxy and makes sure that what answers on its port is really that child. */
import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { findToxiproxy } from '../../setup/toxiproxy.mjs'
import { ToxiproxyApi } from './toxiproxy-api'
import { LabFailure, messageOf } from '../failure'
import { ownsListener } from './listener'
import { exited, launchProgram, logTail } from './processes'

const READY_WITHIN_MS = 5_000

export interface RunningToxiproxy {
  child: ChildProcess
  api: ToxiproxyApi
  version: string
  port: number
}

/** @throws LabFailure `missing` when there is no binary, or it doesn't serve on `port` */
export async function startToxiproxy(port: number, options: { token: string; logFile: string }): Promise<RunningToxiproxy> {
  const binary = await locateToxiproxy(true)
  const child = launchProgram(binary.path, ['-host', '127.0.0.1', '-port', String(port)], { name: 'toxiproxy', ...options })
  const api = new ToxiproxyApi(`http://127.0.0.1:${port}`)
  const deadline = Date.now() + READY_WITHIN_MS
  let last = ''
  while (Date.now() < deadline) {
    if (await exited(child, 0)) break
    try {
      const version = await api.version()
      if (ownsListener(child.pid!, port) !== false) return { child, api, version, port }
      last = `port ${port} is served by another program`
      break // Toxiproxy only logs that its port is taken, and stays
    } catch (error) {
      last = messageOf(error)
      await delay(20)
    }
  }
  child.kill('SIGKILL')
  throw new LabFailure('missing', `Toxiproxy (${binary.path}) does not serve on 127.0.0.1:${port}: ${last}; its log ends: ${logTail(options.logFile)}`)
}

/** @param make whether to fetch or build it when it isn't there */
export async function locateToxiproxy(make: boolean): Promise<{ path: string; version: string; from: string }> {
  const found = await findToxiproxy({ make, log: (line: string) => process.stderr.write(`${line}\n`) })
  if (!found.ok) throw new LabFailure('missing', found.message, found.remedy)
  return found
}
