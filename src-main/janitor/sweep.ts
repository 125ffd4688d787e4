/**
 * Undoes what a dead engine left behind: resumes what is stopped, ends what still runs, removes its folders.
 * It never touches a lab whose lock is held, nor a process that is not the one written in the lab's ledger.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import { endProcess, identify, isSame, isStopped, sendSignal, TOKEN_ENV, type Identity } from './identity'
import { readLedger, type Outstanding } from './ledger'
import { LOCK_FILE, lockFile, type Lock } from './lock'
import { pidsWithVariable } from './state'

export interface Undone {
  kind: 'stopped process' | 'process' | 'fault' | 'folder'
  what: string
}

export interface Failed {
  kind: Undone['kind'] | 'ledger'
  what: string
  why: string
}

export interface Swept {
  undone: Undone[]
  failed: Failed[]
  /** the lab belongs to somebody living: nothing was looked at */
  held: boolean
  /** runs that the dead engines were recording */
  runs: { run: string; db: string }[]
}

/** A folder without a ledger is one being set up, or what a crash left of that. */
const SETTING_UP_MS = 60_000

/** Where the labs of a data folder are: one folder each. */
export function labsFolder(dataDir: string): string {
  return join(dataDir, 'labs')
}

/** Sweeps every lab of a data folder whose engine is gone. */
export async function sweepAll(dataDir: string): Promise<Swept> {
  const labs = labsFolder(dataDir)
  const all: Swept = { undone: [], failed: [], held: false, runs: [] }
  if (!existsSync(labs)) return all
  for (const entry of readdirSync(labs, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const swept = await sweep(join(labs, entry.name))
    all.undone.push(...swept.undone)
    all.failed.push(...swept.failed)
    all.runs.push(...swept.runs)
  }
  return all
}

/**
 * @returns what was undone and what could not be; with failures the folder stays, so that the next sweep tries again.
 *   Bounded: about 4 s at worst, however many processes there are
 */
export async function sweep(labDir: string): Promise<Swept> {
  const swept: Swept = { undone: [], failed: [], held: false, runs: [] }
  const changedMs = statSync(labDir, { throwIfNoEntry: false })?.mtimeMs // taking the lock changes it
  if (changedMs === undefined) return swept
  const lock = lockFile(join(labDir, LOCK_FILE))
  if (!lock) return { ...swept, held: existsSync(labDir) }
  try {
    const left = readLedger(labDir)
    if (!left) {
      if (Date.now() - changedMs > SETTING_UP_MS) removeLab(labDir, lock)
      return swept
    }
    if (left.run) swept.runs.push(left.run)
    await endProcesses(left, swept)
    settleFaults(left, swept)
    removeFolders(labDir, left, swept)
    if (left.unreadable > 0) {
      const why = `${left.unreadable} lines can't be read (another version?). End what is left by hand, then delete the folder`
      swept.failed.push({ kind: 'ledger', what: labDir, why })
    }
    if (swept.failed.length === 0) removeLab(labDir, lock)
    return swept
  } finally {
    lock.release()
  }
}

/** Removes a lab folder for good and gives its lock back; for its engine at the end of a run, and for a sweep. */
export function removeLab(labDir: string, lock: Lock): void {
  rmSync(labDir, { recursive: true, force: true, maxRetries: 3 })
  lock.release()
}

/** All at once: one that is stuck must not keep the others alive. */
async function endProcesses(left: Outstanding, swept: Swept): Promise<void> {
  const processes = [...left.processes, ...unrecorded(left)].filter(({ identity }) => identity.pid !== process.pid)
  for (const { name, identity } of processes) {
    if (!isSame(identity) || !isStopped(identity.pid)) continue
    const what = `${name} (pid ${identity.pid})`
    const refused = sendSignal(identity, 'SIGCONT')
    if (refused) swept.failed.push({ kind: 'stopped process', what, why: refused })
    else swept.undone.push({ kind: 'stopped process', what })
  }
  await Promise.all(
    processes.map(async ({ name, identity }) => {
      const what = `${name} (pid ${identity.pid})`
      const ending = await endProcess(identity, { graceMs: 0 })
      if (ending.result === 'alive') swept.failed.push({ kind: 'process', what, why: ending.why })
      else if (ending.wasThere) swept.undone.push({ kind: 'process', what })
    }),
  )
}

/** An engine killed between a spawn and its line in the ledger: the lab's token, which nobody else has, still tells. */
function unrecorded(left: Outstanding): { name: string; identity: Identity }[] {
  if (left.token === null) return []
  const known = new Set(left.processes.map(({ identity }) => identity.pid))
  return pidsWithVariable(TOKEN_ENV, left.token).flatMap((pid) => {
    const identity = known.has(pid) ? null : identify(pid)
    return identity?.token === left.token ? [{ name: 'unrecorded process', identity }] : []
  })
}

/** A toxic lives in Toxiproxy and a crash or pause in its node: with every process ended, nothing of a fault is left. */
function settleFaults(left: Outstanding, swept: Swept): void {
  const alive = swept.failed.filter(({ kind }) => kind === 'process').map(({ what }) => what)
  for (const { id, fault } of left.leases) {
    const what = `${fault} ${id}`
    if (alive.length === 0) swept.undone.push({ kind: 'fault', what })
    else swept.failed.push({ kind: 'fault', what, why: `still running: ${alive.join(', ')}` })
  }
}

function removeFolders(labDir: string, left: Outstanding, swept: Swept): void {
  for (const path of left.folders) {
    if (!existsSync(path)) continue
    const why = whyKept(path, labDir)
    if (why) {
      swept.failed.push({ kind: 'folder', what: path, why })
      continue
    }
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 })
      swept.undone.push({ kind: 'folder', what: path })
    } catch (error) {
      swept.failed.push({ kind: 'folder', what: path, why: (error as Error).message })
    }
  }
}

/** A ledger is only a file: whatever it says, no folder goes that holds more than a lab's data. */
function whyKept(path: string, labDir: string): string | null {
  const folder = resolve(path)
  if (folder !== path) return 'not an absolute path'
  if (dirname(dirname(folder)) === dirname(folder)) return 'too near the root'
  const holds = [labDir, homedir(), process.cwd()].find((kept) => `${resolve(kept)}${sep}`.startsWith(`${folder}${sep}`))
  return holds ? `it holds ${holds}` : null
}
