// Runs another program to its end, with a deadline. Nothing it starts may outlive that.
import { spawn } from 'node:child_process'

/** Between asking a program to end and ending it. */
export const tidyMs = 5_000

/**
 * @typedef {object} Ended
 * @property {number | null} code null when it was ended by a signal or never started
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout empty unless captured
 * @property {string} stderr empty unless captured
 * @property {boolean} timedOut
 * @property {string | null} error why it could not be started
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {number} options.timeoutMs then the program, and in a group of its own all it started, is ended
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.show] its output goes to our stderr as it comes; otherwise it is captured
 * @param {boolean} [options.showOnStdout] its output goes where ours goes
 * @param {boolean} [options.ownGroup] a process group of its own, signalled as a whole
 * @param {(pid: number) => void} [options.onStart]
 * @returns {Promise<Ended>}
 */
export function run(command, args, { timeoutMs, cwd, env, show, showOnStdout, ownGroup, onStart }) {
  const grouped = ownGroup === true && process.platform !== 'win32'
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      detached: grouped,
      stdio: ['ignore', showOnStdout ? 'inherit' : show ? 2 : 'pipe', showOnStdout || show ? 'inherit' : 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    let timedOut = false
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout = keepEnd(stdout + text)))
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr = keepEnd(stderr + text)))
    if (child.pid !== undefined) onStart?.(child.pid)
    /** @type {NodeJS.Timeout | undefined} */
    let lastDeadline
    const deadline = setTimeout(() => {
      timedOut = true
      signalTree(child, grouped, 'SIGTERM')
      lastDeadline = setTimeout(() => signalTree(child, grouped, 'SIGKILL'), tidyMs)
    }, timeoutMs)
    /** @param {Partial<Ended>} end */
    const finish = (end) => {
      clearTimeout(deadline)
      clearTimeout(lastDeadline)
      resolve({ code: null, signal: null, stdout, stderr, timedOut, error: null, ...end })
    }
    child.once('error', (error) => finish({ error: error.message }))
    child.once('close', (code, signal) => finish({ code, signal }))
  })
}

/**
 * What to tell about a program that did not end well: its last words, in one line.
 * @param {Ended} ended
 */
export function reasonOf(ended) {
  if (ended.error) return ended.error
  const lines = `${ended.stdout}\n${ended.stderr}`.split('\n').filter((line) => line.trim() !== '')
  const words = lines.at(-1)?.trim().slice(0, 300) ?? 'it said nothing'
  if (ended.timedOut) return `took too long and was ended (${words})`
  return `${ended.signal ? `ended by ${ended.signal}` : `exit code ${ended.code}`} (${words})`
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {boolean} grouped
 * @param {NodeJS.Signals} signal
 */
function signalTree(child, grouped, signal) {
  if (child.pid === undefined) return
  if (!grouped) child.kill(signal)
  else signalGroup(child.pid, signal)
}

/** @param {number} group its leader's pid @param {NodeJS.Signals} signal */
export function signalGroup(group, signal) {
  try {
    process.kill(-group, signal)
  } catch (error) {
    // gone already: that is what was wanted
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
  }
}

/** A program that talks without end must not fill our memory. @param {string} text */
const keepEnd = (text) => (text.length > 1_000_000 ? text.slice(-500_000) : text)
