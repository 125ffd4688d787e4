/**
 * The shell's end of the engine: starts it, asks it, passes its frames on, notices when it goes.
 * It never kills: an engine that is told to stop, or loses its channel, cleans up and exits by itself.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { EngineStatus, Failure, Result } from '@shared/api/contract'
import {
  engineContract,
  engineMessage,
  type EngineChannel,
  type EngineRequest,
  type EngineRequestOf,
  type EngineResponseOf,
} from '@shared/api/engine'
import type { Runtime } from './runtime'

const LOG_BYTES_MAX = 4 * 1024 * 1024
const TAIL_BYTES = 4096
const TAIL_LINES = 12
/** longest time for one answer; stopping a run includes its clean-up */
const ANSWER_MS_MAX = 60_000
const WAITING_MAX = 256
const NO_NODE = 'No Node 22.14 or newer was found: run npm install, or set FAULTLINE_NODE_PATH.'

export interface EngineLinkOptions {
  entry: string
  runtime: Runtime | null
  /** folder the engine works in; exists */
  workDir: string
  logPath: string
  onLive: (frame: unknown) => void
  onStatus: (status: EngineStatus) => void
}

interface Waiting {
  channel: EngineChannel
  timer: NodeJS.Timeout
  settle: (result: Result<unknown>) => void
}

export class EngineLink {
  #child: ChildProcess | null = null
  #status: EngineStatus
  #nextId = 1
  readonly #waiting = new Map<number, Waiting>()
  readonly #options: EngineLinkOptions

  constructor(options: EngineLinkOptions) {
    this.#options = options
    this.#status = { state: 'gone', pid: null, code: null, signal: null, lastLines: [], logPath: options.logPath }
  }

  get status(): EngineStatus {
    return this.#status
  }

  /** Starts an engine unless one is running. */
  start(): EngineStatus {
    if (this.#child) return this.#status
    const { entry, runtime, workDir, logPath } = this.#options
    if (!runtime) return this.#became({ state: 'gone', lastLines: [NO_NODE] })
    // The log is the file itself, not a pipe: an engine that outlives the shell must be able to write while it cleans up.
    const log = openLog(logPath)
    try {
      const child = fork(entry, [], {
        execPath: runtime.execPath,
        env: runtime.env,
        cwd: workDir,
        execArgv: [],
        detached: true, // a group of its own: Ctrl-C reaches the shell, and the shell asks
        stdio: ['ignore', log, log, 'ipc'],
        serialization: 'json',
      })
      this.#child = child
      child.on('message', (message) => this.#receive(message))
      child.once('error', (error) => this.#ended(child, null, null, error.message))
      child.once('exit', (code, signal) => this.#ended(child, code, signal, null))
      return this.#became({ state: 'running', pid: child.pid ?? null, code: null, signal: null, lastLines: [] })
    } finally {
      closeSync(log)
    }
  }

  /** Asks the engine; always answers, within a minute at the latest. */
  call<C extends EngineChannel>(
    channel: C,
    request: EngineRequestOf<C>,
    withinMs = ANSWER_MS_MAX,
  ): Promise<Result<EngineResponseOf<C>>> {
    const child = this.#child
    if (!child?.connected) return Promise.resolve(engineGone())
    if (this.#waiting.size >= WAITING_MAX) {
      return Promise.resolve(failed('overloaded', `${WAITING_MAX} requests are waiting for the engine.`, 'Wait a moment.'))
    }
    const id = this.#nextId++
    const answer = new Promise<Result<unknown>>((resolve) => {
      const settle = (result: Result<unknown>): void => {
        clearTimeout(this.#waiting.get(id)?.timer)
        this.#waiting.delete(id)
        resolve(result)
      }
      const what = `The engine (pid ${child.pid}) did not answer ${channel} within ${withinMs / 1000} s.`
      const late = failed('timeout', what, `See ${this.#options.logPath}.`)
      this.#waiting.set(id, { channel, settle, timer: setTimeout(() => settle(late), withinMs) })
      child.send({ id, channel, request } satisfies EngineRequest, (error) => {
        if (error) settle(engineGone())
      })
    })
    return answer.then((result) => this.#parseAnswer(channel, result))
  }

  /** Asks the engine to end its run, clean up and exit; returns when it has, or after `boundMs`. */
  async shutdown(boundMs: number): Promise<void> {
    const child = this.#child
    if (!child) return
    this.#became({ state: 'stopping' })
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    let timer: NodeJS.Timeout | undefined
    const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, boundMs)))
    await Promise.race([this.call('engine:shutdown', {}, boundMs).then(() => exited), bound])
    clearTimeout(timer)
    if (child.connected) child.disconnect() // late: it goes on cleaning up without us
  }

  #receive(message: unknown): void {
    const parsed = engineMessage.safeParse(message)
    if (!parsed.success) return this.#note(`the engine sent a message of an unknown shape: ${parsed.error.message}`)
    if ('live' in parsed.data) return this.#options.onLive(parsed.data.live)
    this.#waiting.get(parsed.data.id)?.settle(parsed.data.result)
  }

  #parseAnswer<C extends EngineChannel>(channel: C, result: Result<unknown>): Result<EngineResponseOf<C>> {
    if (!result.ok) return result
    const parsed = engineContract[channel].response.safeParse(result.value)
    if (parsed.success) return { ok: true, value: parsed.data as EngineResponseOf<C> }
    const what = `The engine's answer to ${channel} is not of the agreed shape: ${parsed.error.message}`
    return failed('bad-answer', what, 'Window and engine differ in version: build again.')
  }

  #ended(child: ChildProcess, code: number | null, signal: string | null, problem: string | null): void {
    if (this.#child !== child) return
    this.#child = null
    for (const waiting of [...this.#waiting.values()]) waiting.settle(engineGone())
    const lastLines = [...tail(this.#options.logPath), ...(problem ? [problem] : [])]
    this.#became({ state: 'gone', code, signal, lastLines })
  }

  #became(change: Partial<EngineStatus>): EngineStatus {
    this.#status = { ...this.#status, ...change }
    this.#options.onStatus(this.#status)
    return this.#status
  }

  #note(text: string): void {
    process.stderr.write(`faultline: ${text}\n`)
  }
}

function failed(code: string, message: string, remedy: string | null): { ok: false; error: Failure } {
  return { ok: false, error: { code, message, remedy } }
}

function engineGone(): ReturnType<typeof failed> {
  return failed('engine-gone', 'The engine is not running.', 'Start it again.')
}

/** Starts a new file when the old one has grown large: a log is for the last days, not for ever. */
function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX) rmSync(path)
  return openSync(path, 'a', 0o600)
}

function tail(path: string): string[] {
  const file = openSync(path, 'r')
  try {
    const size = fstatSync(file).size
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
    readSync(file, bytes, 0, bytes.length, size - bytes.length)
    return bytes.toString('utf8').split('\n').filter((line) => line.trim() !== '').slice(-TAIL_LINES)
  } finally {
    closeSync(file)
  }
}
