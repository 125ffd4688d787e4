// Where the program lies inside an unpacked Electron, and which version it is.
import path from 'node:path'
import { reasonOf, run } from './run.mjs'

/** @param {string} distPath @param {string} [platform] as process.platform */
export function executableIn(distPath, platform = process.platform) {
  if (platform === 'darwin') return path.join(distPath, 'Electron.app', 'Contents', 'MacOS', 'Electron')
  return path.join(distPath, platform === 'win32' ? 'electron.exe' : 'electron')
}

/**
 * Starts it as Node, which needs no display and works as root, where `--version` does not.
 * @param {string} executable
 * @returns {Promise<{ ok: true, version: string } | { ok: false, reason: string }>}
 */
export async function electronVersion(executable) {
  const { NODE_OPTIONS: _, ...env } = process.env
  const ended = await run(executable, ['-p', 'process.versions.electron'], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    timeoutMs: 20_000,
  })
  const version = ended.stdout.trim()
  if (ended.code === 0 && /^\d+\.\d+\.\d+/.test(version)) return { ok: true, version }
  return { ok: false, reason: `does not start: ${reasonOf(ended)}` }
}
