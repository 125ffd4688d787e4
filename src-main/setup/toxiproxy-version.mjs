// Asks a Toxiproxy server for its version, and says whether that version will do.
import { reasonOf, run } from './run.mjs'

/**
 * @param {string} program
 * @returns {Promise<{ ok: true, version: string } | { ok: false, reason: string }>}
 */
export async function toxiproxyVersion(program) {
  const ended = await run(program, ['-version'], { timeoutMs: 5_000 })
  if (ended.code !== 0) return { ok: false, reason: `does not run: ${reasonOf(ended)}` }
  const version = versionIn(ended.stdout)
  if (version === null) return { ok: false, reason: `does not tell a Toxiproxy version but "${ended.stdout.trim().slice(0, 80)}"` }
  return { ok: true, version }
}

/**
 * @param {string} output of `toxiproxy-server -version`
 * @returns {string | null} such as 2.12.0, or `git` for a build that was not given a version
 */
export function versionIn(output) {
  return /^toxiproxy-server version v?(\d+\.\d+\.\d+\S*|git)\s*$/m.exec(output)?.[1] ?? null
}

/**
 * @param {string} version
 * @param {string} wanted
 * @returns {boolean} the same major version and not older
 */
export function isNewEnough(version, wanted) {
  const found = numbersOf(version)
  const least = numbersOf(wanted)
  if (found === null || least === null || found[0] !== least[0]) return false
  const differs = found.findIndex((number, place) => number !== least[place])
  return differs === -1 || found[differs] > least[differs]
}

/** @param {string} version @returns {number[] | null} null for what is not a release (`git`, `2.13.0-rc1`) */
function numbersOf(version) {
  return /^\d+\.\d+\.\d+$/.test(version) ? version.split('.').map(Number) : null
}
