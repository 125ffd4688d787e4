/**
 * Finds a Toxiproxy server, and makes one where none is: explicit path → PATH → cache → pinned release → go build.
 * A candidate counts only if it runs and tells its version. What was tried is told in every case.
 */
import fs from 'node:fs'
import path from 'node:path'
import { exclusively } from './exclusive.mjs'
import { findOnPath } from './on-path.mjs'
import { cacheFolder, platformName } from './places.mjs'
import { readSidecars } from './sidecars.mjs'
import { buildToxiproxy } from './toxiproxy-build.mjs'
import { downloadToxiproxy } from './toxiproxy-release.mjs'
import { isNewEnough, toxiproxyVersion } from './toxiproxy-version.mjs'

/**
 * @typedef {'explicit' | 'path' | 'cache' | 'release' | 'build'} ToxiproxySource
 * @typedef {{ from: ToxiproxySource, what: string, result: string }} Tried one line of what was looked at: `what` is a
 *   path or address, `result` what came of it
 * @typedef {{ ok: true, path: string, version: string, from: ToxiproxySource, tried: Tried[] }} ToxiproxyFound
 * @typedef {{ ok: false, tried: Tried[], message: string, remedy: string }} ToxiproxyMissing
 */

/**
 * @param {object} [options]
 * @param {string | undefined} [options.explicit] the path the user named; nothing else is tried then
 * @param {boolean} [options.make] false = only look, neither download nor build
 * @param {(line: string) => void} [options.log] told before anything that takes long
 * @returns {Promise<ToxiproxyFound | ToxiproxyMissing>}
 */
export async function findToxiproxy({ explicit = process.env['FAULTLINE_TOXIPROXY'], make = true, log = () => {} } = {}) {
  const { toxiproxy: sidecar } = readSidecars()
  /** @type {Tried[]} */
  const tried = []
  if (explicit) {
    const asked = await toxiproxyVersion(explicit)
    tried.push({ from: 'explicit', what: explicit, result: asked.ok ? asked.version : asked.reason })
    if (asked.ok) return { ok: true, path: explicit, version: asked.version, from: 'explicit', tried }
    return missing(tried, 'Correct FAULTLINE_TOXIPROXY or unset it: then Faultline looks for a Toxiproxy itself.')
  }

  const onPath = findOnPath('toxiproxy-server')
  if (onPath === null) tried.push({ from: 'path', what: 'toxiproxy-server', result: 'not on the PATH' })
  else {
    const found = await accept(onPath, 'path', tried, sidecar.version)
    if (found) return found
  }

  const cached = cachedToxiproxy(sidecar.version)
  if (!fs.existsSync(cached)) tried.push({ from: 'cache', what: cached, result: 'not there' })
  else {
    const found = await accept(cached, 'cache', tried, sidecar.version)
    if (found) return found
  }

  const remedy =
    `Install Toxiproxy ${sidecar.version} (https://github.com/Shopify/toxiproxy/releases) on the PATH, ` +
    'or name its server in FAULTLINE_TOXIPROXY, or install Go 1.23 or newer (https://go.dev/dl) and start again.'
  if (!make) return missing(tried, remedy)
  const made = await exclusively(`${cached}.lock`, () => makeToxiproxy(sidecar, cached, tried, log), {
    timeoutMs: 400_000,
    onWait: (owner) => log(`waiting for process ${owner.pid}, which is getting Toxiproxy`),
  })
  return made ?? missing(tried, remedy)
}

/** Where a downloaded or built server is kept. @param {string} version */
export function cachedToxiproxy(version) {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return path.join(cacheFolder(), `toxiproxy-${version}`, `toxiproxy-server-${platformName()}${suffix}`)
}

/**
 * @param {import('./sidecars.mjs').ToxiproxySidecar} sidecar
 * @param {string} to
 * @param {Tried[]} tried
 * @param {(line: string) => void} log
 * @returns {Promise<ToxiproxyFound | null>}
 */
async function makeToxiproxy(sidecar, to, tried, log) {
  if (fs.existsSync(to)) {
    const found = await accept(to, 'cache', tried, sidecar.version) // made by another process while we waited
    if (found) return found
    fs.rmSync(to)
  }
  const ways = /** @type {const} */ ([
    ['release', downloadToxiproxy],
    ['build', buildToxiproxy],
  ])
  for (const [from, way] of ways) {
    const { what, problem } = await way(sidecar, to, log)
    if (problem !== null) {
      tried.push({ from, what, result: problem })
      continue
    }
    const found = await accept(to, from, tried, sidecar.version)
    if (found) return found
    fs.rmSync(to)
  }
  return null
}

/**
 * @param {string} candidate
 * @param {ToxiproxySource} from
 * @param {Tried[]} tried gets a line
 * @param {string} wanted the version whose behaviour is known; later ones of the same major are taken too
 * @returns {Promise<ToxiproxyFound | null>}
 */
async function accept(candidate, from, tried, wanted) {
  const asked = await toxiproxyVersion(candidate)
  if (!asked.ok) {
    tried.push({ from, what: candidate, result: asked.reason })
    return null
  }
  const fits = isNewEnough(asked.version, wanted)
  tried.push({ from, what: candidate, result: fits ? asked.version : `is ${asked.version}; ${wanted} or a later ${wanted.split('.')[0]}.x is needed` })
  return fits ? { ok: true, path: candidate, version: asked.version, from, tried } : null
}

/** @param {Tried[]} tried @param {string} remedy @returns {ToxiproxyMissing} */
function missing(tried, remedy) {
  const lines = tried.map(({ from, what, result }) => `  ${from}: ${what}: ${result}`)
  return { ok: false, tried, message: `no usable Toxiproxy server. Tried:\n${lines.join('\n')}`, remedy }
}
