/** Real processes and lab folders for the janitor's tests. Everything started here is ended here, by pid. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identify, type Identity } from '../../../src-main/janitor/identity'
import { labsFolder } from '../../../src-main/janitor/sweep'
import { readState } from '../../../src-main/janitor/state'

export const TOKEN = 'token-of-the-lab-under-test'
const SLEEP = 'setInterval(() => {}, 1000); process.stdout.write("up")'
export const DEAF = `process.on('SIGTERM', () => {}); ${SLEEP}`
/** Writes a file when it is asked to end: only one that was not killed can. */
export const noting = (path: string): string =>
  `process.on('SIGTERM', () => { require('fs').writeFileSync(${JSON.stringify(path)}, ''); process.exit() }); ${SLEEP}`

const children: ChildProcess[] = []

/** A process that runs until it is ended; resolved once its code runs. */
export async function sleeper(token: string = TOKEN, code = SLEEP): Promise<Identity> {
  const env = { ...process.env, FAULTLINE_TOKEN: token }
  const child = spawn(process.execPath, ['-e', code], { env, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  children.push(child)
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve)
    child.once('error', reject)
  })
  const identity = identify(child.pid ?? 0)
  if (!identity) throw new Error('the sleeper is gone')
  return identity
}

export function endSleepers(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL')
}

export const isAlive = (pid: number): boolean => readState(pid) !== null

export function dataFolder(): { dataDir: string; labDir: string; remove(): void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'faultline-janitor-'))
  const labDir = join(labsFolder(dataDir), 'lab-1')
  mkdirSync(labDir, { recursive: true })
  return { dataDir, labDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) }
}

/** Waits for a condition instead of a time. */
export async function until(what: string, holds: () => boolean, limitMs = 5000): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
