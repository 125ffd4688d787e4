/** Runs the real load generator as its own process, the way the engine does, and collects what it reports. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { LoadSettings } from '@shared/plan/plan'
import type { LoadInterval } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import { WORKLOAD_CONFIG_ENV } from '../../../src-main/workload/child'
import type { GroupConfig, WorkloadCommand, WorkloadConfig, WorkloadReport } from '../../../src-main/workload/child'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** @returns the folder with `workload.js` and `timer.js`, built from the present sources, and what removes it */
export async function buildGenerator(): Promise<{ entry: string; remove: () => Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), 'faultline-workload-'))
  const source = (file: string) => join(root, 'src-main/workload', file)
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@shared': join(root, 'src-shared') } },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20.18',
      rolldownOptions: {
        input: { workload: source('main.ts'), timer: source('timer.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        onLog: (level, log, forward) => void (log.code === 'EVAL' || forward(level, log)), // a library's way to ask for zlib
      },
    },
  })
  return { entry: join(outDir, 'workload.js'), remove: () => rm(outDir, { recursive: true }) }
}

export const LOAD: LoadSettings = {
  name: 'client',
  ratePerS: 100,
  arrivals: 'constant',
  mix: { put: 50, get: 50, delete: 0, cas: 0, append: 0 },
  keys: 20,
  keyPrefix: '',
  valueSizeBytes: 64,
  client: { connectTimeoutMs: 200, readTimeoutMs: 300, pool: null },
}

export interface Collected {
  isReady: boolean
  operations: OperationRecord[]
  intervals: LoadInterval[]
  batches: Extract<WorkloadReport, { type: 'batch' }>[]
  done: Extract<WorkloadReport, { type: 'done' }> | null
  fatal: string | null
  changed: Extract<WorkloadReport, { type: 'changed' }>[]
  stderr: string
}

export interface Running extends Collected {
  child: ChildProcess
  send(command: WorkloadCommand): void
  /** resolves when the condition holds for what has come in; rejects after the deadline with what was there */
  until(what: string, holds: (collected: Collected) => boolean, deadlineMs?: number): Promise<void>
  exited: Promise<number | string | null>
}

export function startGenerator(entry: string, config: string | undefined): Running {
  const child = fork(entry, [], {
    env: { ...process.env, [WORKLOAD_CONFIG_ENV]: config, NODE_OPTIONS: '' },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  const collected: Collected = { isReady: false, operations: [], intervals: [], batches: [], done: null, fatal: null, changed: [], stderr: '' }
  const waiting = new Set<() => void>()
  const look = (): void => waiting.forEach((check) => check())
  const exited = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => {
      resolve(code ?? signal)
      look()
    }),
  )
  child.stderr?.on('data', (chunk) => (collected.stderr += String(chunk)))
  child.on('message', (report: WorkloadReport) => {
    if (report.type === 'batch') {
      collected.batches.push(report)
      collected.operations.push(...report.operations)
    } else if (report.type === 'interval') collected.intervals.push(report.interval)
    else if (report.type === 'done') collected.done = report
    else if (report.type === 'changed') collected.changed.push(report)
    else if (report.type === 'fatal') collected.fatal = report.message
    else collected.isReady = true
    look()
  })
  const until: Running['until'] = (what, holds, deadlineMs = 20_000) =>
    new Promise((resolve, reject) => {
      const end = (error?: Error): void => {
        clearTimeout(timer)
        waiting.delete(check)
        if (error) reject(error)
        else resolve()
      }
      const check = (): void => {
        if (holds(collected)) end()
        else if (child.exitCode !== null || child.signalCode) end(new Error(`generator gone before ${what}: ${collected.stderr}`))
      }
      const late = (): Error => new Error(`no ${what} within ${deadlineMs} ms; ${collected.operations.length} operations`)
      const timer = setTimeout(() => end(late()), deadlineMs)
      waiting.add(check)
      check()
    })
  return Object.assign(collected, { child, send: (command: WorkloadCommand) => void child.send(command), until, exited })
}

export const originNs = process.hrtime.bigint()
export const nowNs = (): number => Number(process.hrtime.bigint() - originNs)

type LoadPart = Partial<WorkloadConfig> & { load?: Partial<LoadSettings>; nodes?: GroupConfig['nodes'] }

/** A load of one group, unless the part names its groups. */
export function configOf({ load, nodes = [], ...part }: LoadPart): WorkloadConfig {
  const groups = [{ load: { ...LOAD, ...load }, clientPrefix: '', nodes }]
  return { seed: 42, groups, originNs: String(originNs), durationMs: 1000, ...part }
}

export interface Totals {
  intended: number
  notSent: number
}

/** Starts the load and hands it over running; the caller waits for what it wants to see. */
export async function startLoad(entry: string, part: LoadPart): Promise<Running> {
  const running = startGenerator(entry, JSON.stringify(configOf(part)))
  await running.until('ready', ({ isReady }) => isReady)
  running.send({ type: 'start', atNs: nowNs() + 20e6 })
  return running
}

/** A whole load from start to `done`, the generator gone afterwards. */
export async function runLoad(entry: string, part: LoadPart): Promise<Collected & { totals: Totals }> {
  const running = await startLoad(entry, part)
  await running.until('done', ({ done }) => done !== null)
  running.child.disconnect()
  await running.exited
  return { ...running, totals: running.done! }
}
