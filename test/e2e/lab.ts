/** A real window with its own data, and what every test of it needs: the page, its complaints, the processes it started. */
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, test as base, expect, type ElectronApplication, type Page } from '@playwright/test'
import type { Bridge } from '@shared/api/contract'

declare global {
  interface Window {
    readonly faultline: Bridge
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const SHOTS = join(ROOT, 'test-results', 'screenshots')
const CLOSE_MS_MAX = 20_000

export interface Lab {
  app: ElectronApplication
  /** the Electron process; kept, because a closed application no longer knows it */
  shell: ChildProcess
  page: Page
  /** data folder of this test alone */
  data: string
  /** errors on the page's console, content policy reports among them */
  complaints: string[]
}

export const test = base.extend<{ lab: Lab }>({
  // Playwright reads a fixture's needs from the pattern: this one has none
  // oxlint-disable-next-line no-empty-pattern
  lab: async ({}, use) => {
    const data = await mkdtemp(join(tmpdir(), 'faultline-e2e-'))
    const app = await _electron.launch({
      args: ['--no-sandbox', `--user-data-dir=${join(data, 'window')}`, ROOT],
      cwd: ROOT,
      colorScheme: 'dark',
      env: { ...(process.env as Record<string, string>), FAULTLINE_DATA: data },
    })
    const shell = app.process()
    const complaints: string[] = []
    try {
      const page = await app.firstWindow()
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible({ timeout: 30_000 })
      await use({ app, shell, page, data, complaints })
    } finally {
      await closeWindow(app, shell)
    }
    await expect.poll(() => processesOf(data), { timeout: CLOSE_MS_MAX }).toEqual([])
    await rm(data, { recursive: true, force: true })
    expect(complaints).toEqual([])
  },
})

export { expect }

/** Closes the window as a person would; after the bound the shell is killed, and the engine is left to clean up. */
export async function closeWindow(app: ElectronApplication, shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return
  const closed = app.close().then(() => true)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), CLOSE_MS_MAX)))
  if (!(await Promise.race([closed, late]))) shell.kill('SIGKILL')
  clearTimeout(timer)
}

/** Every process that carries this test's data folder in its environment, as "pid command". */
export function processesOf(data: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const environment = procFile(pid, 'environ')
      if (!environment.split('\0').includes(`FAULTLINE_DATA=${data}`)) return []
      return [`${pid} ${procFile(pid, 'cmdline').replaceAll('\0', ' ').trim()}`]
    })
}

/** The cluster's part of them: nodes, generator, Toxiproxy, janitor. */
export function clusterProcessesOf(data: string): string[] {
  return processesOf(data).filter((line) => /toxiproxy|(node|workload|janitor)\.js\b/.test(line))
}

/** A process may end between being listed and being read: then there is nothing to read. */
function procFile(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code))) return ''
    throw error
  }
}

/** Starts the sample with the big button and waits until the cluster serves under load. */
export async function startSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run the sample/ }).click()
  await expect(page.locator('.strip[data-state="SERVING"]')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('img', { name: /^Requests: [1-9]/ })).toBeVisible({ timeout: 30_000 })
}

/** @returns pid of the engine, as the shell knows it */
export async function enginePid(page: Page): Promise<number> {
  const status = await page.evaluate(() => window.faultline.call('engine:status', {}))
  if (!status.ok || status.value.pid === null) throw new Error(`no engine: ${JSON.stringify(status)}`)
  return status.value.pid
}
