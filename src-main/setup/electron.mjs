/**
 * Finds an Electron to run the app with: the one the user named, the official binary, else the stand-in (development
 * and tests only, Linux x64). Give `distPath` to what starts Electron as ELECTRON_OVERRIDE_DIST_PATH.
 */
import { electronVersion, executableIn } from './electron-version.mjs'
import { officialElectron } from './electron-official.mjs'
import { standInElectron } from './electron-stand-in.mjs'

/**
 * @typedef {{ ok: true, distPath: string, executable: string, version: string, official: boolean, tried: string[] }} ElectronFound
 * @typedef {{ ok: false, tried: string[], message: string, remedy: string }} ElectronMissing
 * @typedef {{ distPath: string } | { problem: string }} Candidate
 */

/**
 * @param {object} [options]
 * @param {boolean} [options.make] false = only look, download nothing
 * @param {(line: string) => void} [options.log] told before anything that takes long
 * @returns {Promise<ElectronFound | ElectronMissing>}
 */
export async function findElectron({ make = true, log = () => {} } = {}) {
  /** @type {string[]} */
  const tried = []
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  /** @type {[string, boolean, () => Promise<Candidate>][]} */
  const ways = named
    ? [[`ELECTRON_OVERRIDE_DIST_PATH=${named}`, true, async () => ({ distPath: named })]]
    : [
        ['official Electron', true, () => officialElectron({ make, log })],
        ['stand-in', false, () => standInElectron({ make, log })],
      ]
  for (const [name, official, way] of ways) {
    const candidate = await way()
    if ('problem' in candidate) {
      tried.push(`${name}: ${candidate.problem}`)
      continue
    }
    const executable = executableIn(candidate.distPath)
    const asked = await electronVersion(executable)
    if (asked.ok) return { ok: true, ...candidate, executable, version: asked.version, official, tried }
    tried.push(`${name}: ${executable} ${asked.reason}`)
  }
  return {
    ok: false,
    tried,
    message: `no usable Electron. Tried:\n${tried.map((line) => `  ${line}`).join('\n')}`,
    remedy:
      'Run `npx install-electron` where github.com can be reached (or set ELECTRON_MIRROR), or name the folder of an ' +
      'unpacked Electron in ELECTRON_OVERRIDE_DIST_PATH. Everything but the window works without: `npm run -s faultline -- run PLAN`.',
  }
}
