/**
 * The one launcher of child processes. Each runs in a process group of its own, so that Ctrl-C and group signals reach
 * only engine and command line; each carries the lab's token in its environment, by which it is recognised later.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { TOKEN_ENV } from '../../janitor/identity'
import { LabFailure } from '../failure'
import { type Entry, entryPath } from './entries'

export interface LaunchOptions {
  /** name in messages and of the log file: n1, generator, janitor, toxiproxy */
  name: string
  token: string
  /** standard output and error go here */
  logFile: string
  env?: Record<string, string>
}

/** Starts one of our own entries under Node, with an IPC channel. */
export function launchEntry(entry: Entry, options: LaunchOptions): ChildProcess {
  const { command, env } = nodeRuntime()
  return launch(command, [entryPath(entry)], { ...options, env: { ...env, ...options.env } }, true)
}

/** Starts a foreign program (Toxiproxy). */
export function launchProgram(path: string, args: string[], options: LaunchOptions): ChildProcess {
  return launch(path, args, options, false)
}

function launch(command: string, args: string[], options: LaunchOptions, ipc: boolean): ChildProcess {
  const log = openSync(options.logFile, 'a')
  try {
    const child = spawn(command, args, {
      detached: true,
      stdio: ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      env: { ...scrubbed(process.env), ...options.env, [TOKEN_ENV]: options.token },
    })
    child.on('error', () => undefined) // a failed start shows as `pid` undefined and an exit; both are handled by the owner
    if (child.pid === undefined) throw new LabFailure('missing', `${options.name}: ${command} could not be started`)
    return child
  } finally {
    closeSync(log)
  }
}

/** Node for our children: an explicit path, this very Node, or Electron playing Node. */
export function nodeRuntime(): { command: string; env: Record<string, string> } {
  const explicit = process.env.FAULTLINE_NODE_PATH
  if (explicit) return { command: explicit, env: {} }
  return { command: process.execPath, env: process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {} }
}

function scrubbed(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _run, NODE_OPTIONS: _options, NODE_CHANNEL_FD: _fd, ...rest } = env
  return rest
}

/** The end of a child's log: what it said before it went. */
export function logTail(logFile: string, lines = 3): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join(' | ')
  } catch (error) {
    return `(log ${logFile} can't be read: ${(error as Error).message})`
  }
}

/** Sends over the IPC channel if it is still there; a child that is going away is no error of ours. */
export function tell(child: ChildProcess, message: object): void {
  if (!child.connected) return
  child.send(message, (error) => {
    if (error && child.connected) child.disconnect()
  })
}

/** @returns true when it exited before the deadline */
export function exited(child: ChildProcess, withinMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true)
  return new Promise((settle) => {
    const timer = setTimeout(() => {
      child.off('exit', onExit)
      settle(false)
    }, withinMs)
    const onExit = () => {
      clearTimeout(timer)
      settle(true)
    }
    child.once('exit', onExit)
  })
}
