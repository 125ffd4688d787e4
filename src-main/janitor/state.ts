/** What the system says about one pid right now: from /proc on Linux, from `ps` elsewhere. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessState {
  /** R running, S sleeping, D in the kernel, T stopped by a signal … */
  letter: string
  /** clock ticks since boot on Linux, the text of `ps -o lstart` elsewhere: compared, never computed with */
  startTime: string
}

/** @returns null when there is no such process; a zombie, which only waits to be collected, counts as none */
export function readState(pid: number): ProcessState | null {
  const state = process.platform === 'linux' ? stateFromProc(pid) : stateFromPs(pid)
  return state && state.letter !== 'Z' && state.letter !== 'X' ? state : null
}

/** proc(5): `pid (name) state … starttime …`; the name may itself hold spaces and brackets, so count from the last one. */
function stateFromProc(pid: number): ProcessState | null {
  let line: string
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return null // ESRCH: it ended between open and read
    throw error
  }
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const letter = fields[0] // field 3
  const startTime = fields[19] // field 22
  return letter && startTime ? { letter, startTime } : null
}

function stateFromPs(pid: number): ProcessState | null {
  let line: string
  try {
    const env = { ...process.env, LC_ALL: 'C' }
    line = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim()
  } catch {
    return null // ps answers 1 when there is no such process
  }
  const [letters, ...start] = line.split(/\s+/)
  return letters && start.length > 0 ? { letter: letters.charAt(0), startTime: start.join(' ') } : null
}

/**
 * One variable of the environment a process was started with.
 *
 * @returns null when it can't be read (another user's process, just spawned, ended, or no /proc); else its value, null if unset
 */
export function readVariable(pid: number, name: string): { value: string | null } | null {
  if (process.platform !== 'linux') return null
  let environment: string
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return null // unreadable is an answer of its own here
  }
  if (environment === '') return null
  const entry = environment.split('\0').find((line) => line.startsWith(`${name}=`))
  return { value: entry?.slice(name.length + 1) ?? null }
}

/** @returns pids of the processes that were started with this value; none where there is no /proc */
export function pidsWithVariable(name: string, value: string): number[] {
  if (process.platform !== 'linux') return []
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number)
  return pids.filter((pid) => readVariable(pid, name)?.value === value)
}

let knownBootId: string | undefined

/** Changes at every start of the machine. */
export function readBootId(): string {
  knownBootId ??=
    process.platform === 'linux'
      ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      : execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim()
  return knownBootId
}
