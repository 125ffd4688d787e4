/** The built command line as a person uses it: own data folder, own processes, counted by what they carry in their environment. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { UpLine } from '../../../src-main/lab/conduct/up'
import { readState, readVariable } from '../../../src-main/janitor/state'

const CLI = fileURLToPath(new URL('../../../out/main/cli.js', import.meta.url))

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Going {
  child: ChildProcess
  pid: number
  /** what it has said so far */
  stdout: () => string
  stderr: () => string
  ended: Promise<Ended>
}

/** A lab of its own: data folder, and a runtime folder so that runs of other people do not count as concurrent. */
export class Desk {
  readonly dir = mkdtempSync(join(tmpdir(), 'faultline-lab-test-'))
  readonly data = join(this.dir, 'data')
  private readonly going: Going[] = []

  /** @param cli another build than `out/` */
  constructor(private readonly cli = CLI) {
    if (!existsSync(cli)) throw new Error(`${cli} is missing: npm run build`)
  }

  start(words: string[], env: Record<string, string> = {}): Going {
    return this.launch(process.execPath, [this.cli, ...words], env)
  }

  /** The command line under limits of its own: `limit` is shell, before it is started. */
  startLimited(limit: string, words: string[]): Going {
    return this.launch('/bin/bash', ['-c', `${limit}; exec "$0" "$@"`, process.execPath, this.cli, ...words])
  }

  launch(command: string, args: string[], env: Record<string, string> = {}): Going {
    const child = spawn(command, args, {
      env: { ...process.env, FAULTLINE_DATA: this.data, XDG_RUNTIME_DIR: this.dir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
    const going = { child, pid: child.pid!, stdout: () => stdout, stderr: () => stderr, ended }
    this.going.push(going)
    return going
  }

  run(...words: string[]): Promise<Ended> {
    return this.start(words).ended
  }

  file(name: string, text: string): string {
    const path = join(this.dir, name)
    writeFileSync(path, text)
    return path
  }

  /** A cluster that is ready. */
  async up(...words: string[]): Promise<{ going: Going; line: UpLine }> {
    const going = this.start(['up', ...words])
    await until('up prints its line', () => going.stdout().includes('\n') || going.child.exitCode !== null, 40_000)
    if (going.child.exitCode !== null) throw new Error(`up ended with ${going.child.exitCode}: ${going.stderr()}`)
    return { going, line: JSON.parse(going.stdout()) as UpLine }
  }

  /** pids of everything that belongs to this desk, the command line included */
  processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== process.pid && readVariable(pid, 'FAULTLINE_DATA')?.value === this.data && readState(pid) !== null)
  }

  /** processes of this desk by the entry they run: node, workload, janitor, toxiproxy, cli */
  byEntry(entry: string): number[] {
    return this.processes().filter((pid) => commandOf(pid).includes(entry))
  }

  labFolders(): string[] {
    return existsSync(join(this.data, 'labs')) ? readdirSync(join(this.data, 'labs')) : []
  }

  /** ports on which something of this desk listens */
  ports(): number[] {
    return this.processes().flatMap(listeningPorts)
  }

  /** Everything the lab left: nothing, if all is well. */
  leftovers(): { processes: string[]; labs: string[] } {
    return { processes: this.processes().map((pid) => `${pid} ${commandOf(pid)}`), labs: this.labFolders() }
  }

  async close(): Promise<void> {
    for (const pid of this.processes()) kill(pid, 'SIGKILL')
    await Promise.all(this.going.map((going) => going.ended))
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Columns of /proc/<pid>/net/tcp: proc(5). */
function listeningPorts(pid: number): number[] {
  try {
    const sockets = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)))
    const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').map((line) => line.trim().split(/\s+/))
    const own = lines.filter((columns) => columns[3] === '0A' && sockets.has(`socket:[${columns[9]}]`))
    return own.map((columns) => Number.parseInt(columns[1]!.split(':')[1]!, 16))
  } catch {
    return [] // it went while we looked
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // it went while we looked
  }
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs
  for (;;) {
    if (await holds()) return
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Whether something listens there. */
export async function isServed(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(1_000) })
    return true
  } catch {
    return false
  }
}

export interface Answer {
  status: number
  body: Record<string, unknown>
}

export async function request(method: string, url: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(10_000) })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
}
