// Toxiproxy from its release on GitHub: one file, checked against the manifest.
import fs from 'node:fs'
import path from 'node:path'
import { download } from './download.mjs'
import { platformName } from './places.mjs'
import { forgetFailure, recentFailure, rememberFailure } from './recent-failure.mjs'

const answerMs = 5_000
const totalMs = 120_000
const rememberMs = 10 * 60_000

/**
 * @param {import('./sidecars.mjs').ToxiproxySidecar} sidecar
 * @param {string} to the file to make
 * @param {(line: string) => void} log
 * @returns {Promise<{ what: string, problem: string | null }>}
 */
export async function downloadToxiproxy(sidecar, to, log) {
  const platform = platformName()
  const url = sidecar.release + platform
  const sha256 = sidecar.sha256[platform]
  if (sha256 === undefined) return { what: url, problem: `no checksum is known for ${platform}` }
  const what = `toxiproxy-${sidecar.version}`
  const failed = recentFailure(what, rememberMs)
  if (failed !== null) return { what: url, problem: failed }
  log(`downloading Toxiproxy ${sidecar.version}`)
  fs.mkdirSync(path.dirname(to), { recursive: true })
  const problem = await download(url, to, { sha256, answerMs, totalMs })
  if (problem === null) forgetFailure(what)
  else rememberFailure(what, problem)
  return { what: url, problem }
}
