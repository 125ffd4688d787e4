/**
 * Who a process is, beyond its number: a pid comes back to strangers. A process is signalled only while its pid,
 * start time, boot and lab token are all those that were written down when the lab started it.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { readBootId, readState, readVariable } from './state'

/** Environment variable that carries the lab's token into every process of a lab. */
export const TOKEN_ENV = 'FAULTLINE_TOKEN'

export interface Identity {
  pid: number
  startTime: string
  bootId: string
  /** null: not known; then start time and boot alone decide */
  token: string | null
}

/**
 * @param token the lab's token where the caller gave it to the process; else it is read from the process's environment,
 *   which is not there yet in the first instants after a spawn
 * @returns null when there is no such process (a zombie counts as gone)
 */
export function identify(pid: number, token: string | null = null): Identity | null {
  const state = readState(pid)
  if (!state) return null
  return { pid, startTime: state.startTime, bootId: readBootId(), token: token ?? readVariable(pid, TOKEN_ENV)?.value ?? null }
}

/** @returns true only if the process written down is still there: never for another one that got its pid */
export function isSame(identity: Identity): boolean {
  if (!Number.isSafeInteger(identity.pid) || identity.pid <= 1) return false
  const state = readState(identity.pid)
  if (!state || state.startTime !== identity.startTime || identity.bootId !== readBootId()) return false
  if (identity.token === null) return true
  const token = readVariable(identity.pid, TOKEN_ENV)
  return token === null || token.value === identity.token
}

/** @returns true while the process is stopped by a signal (state T) */
export function isStopped(pid: number): boolean {
  return readState(pid)?.letter === 'T'
}

/**
 * gone: it has ended, now or before (`wasThere`).
 * alive: still there after SIGKILL (stuck in the kernel), or not ours to signal.
 */
export type Ending = { result: 'gone'; wasThere: boolean } | { result: 'alive'; why: string }

const POLL_MS = 5
/** SIGKILL is not instant for a process in the middle of a disk write. */
const KILL_WAIT_MS = 3000

/**
 * Ends a process if it is still the one written down, and waits until it is gone. Between the last look and the signal
 * it could still end and its pid be given away; pids are handed out in a circle, so that takes a whole round of them.
 *
 * @param graceMs time between SIGTERM and SIGKILL; 0 = SIGKILL at once
 */
export async function endProcess(identity: Identity, { graceMs }: { graceMs: number }): Promise<Ending> {
  if (!isSame(identity)) return { result: 'gone', wasThere: false }
  if (graceMs > 0) {
    // SIGCONT first: a stopped process would notice SIGTERM only once it runs again
    const refused = sendSignal(identity, 'SIGCONT') ?? sendSignal(identity, 'SIGTERM')
    if (refused) return { result: 'alive', why: refused }
    if (await isGoneWithin(identity, graceMs)) return { result: 'gone', wasThere: true }
  }
  const refused = sendSignal(identity, 'SIGKILL')
  if (refused) return { result: 'alive', why: refused }
  if (await isGoneWithin(identity, KILL_WAIT_MS)) return { result: 'gone', wasThere: true }
  return { result: 'alive', why: `pid ${identity.pid} is still there ${KILL_WAIT_MS} ms after SIGKILL` }
}

/** @returns why it could not be sent; null when it was, or when that process has ended */
export function sendSignal(identity: Identity, name: NodeJS.Signals): string | null {
  if (!isSame(identity)) return null
  try {
    process.kill(identity.pid, name)
    return null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null
    return `${name} to pid ${identity.pid}: ${(error as Error).message}`
  }
}

/** @returns true once the process has ended; a zombie has */
export async function isGoneWithin(identity: Identity, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs
  while (isSame(identity)) {
    if (performance.now() >= deadline) return false
    await delay(POLL_MS)
  }
  return true
}
