// The official Electron: downloaded by the `electron` package itself, which checks its checksum.
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { exclusively } from './exclusive.mjs'
import { executableIn } from './electron-version.mjs'
import { cacheFolder, inRoot } from './places.mjs'
import { forgetFailure, recentFailure, rememberFailure } from './recent-failure.mjs'
import { reasonOf, run } from './run.mjs'
import { lasted } from './say.mjs'

const answerMs = 5_000
const downloadMs = 300_000
const rememberMs = 6 * 60 * 60_000

/**
 * @param {{ make: boolean, log: (line: string) => void }} options
 * @returns {Promise<import('./electron.mjs').Candidate>}
 */
export async function officialElectron({ make, log }) {
  const packageFolder = inRoot('node_modules', 'electron')
  const packageFile = path.join(packageFolder, 'package.json')
  if (!fs.existsSync(packageFile)) return { problem: 'the package electron is not installed (run `npm install`)' }
  const { version } = JSON.parse(fs.readFileSync(packageFile, 'utf8'))
  const distPath = path.join(packageFolder, 'dist')
  const isThere = () => isComplete(packageFolder, distPath, version)
  if (isThere()) return { distPath }

  const what = `electron-${version}`
  const failed = recentFailure(what, rememberMs)
  if (failed !== null) return { problem: `${version} could not be downloaded: ${failed}` }
  if (!make) return { problem: `${version} is not downloaded yet` }
  return exclusively(path.join(cacheFolder(), `${what}.lock`), async () => {
    if (isThere()) return { distPath }
    const sinceMs = Date.now()
    log(`downloading Electron ${version} (about 110 MB)`)
    const problem = (await unreachable()) ?? (await download(packageFolder))
    if (problem !== null) {
      rememberFailure(what, problem)
      log(`Electron ${version} could not be downloaded: ${problem}`)
      return { problem: `${version} could not be downloaded: ${problem}` }
    }
    forgetFailure(what)
    log(`downloaded Electron in ${lasted(sinceMs)}`)
    return { distPath }
  }, { timeoutMs: downloadMs + 30_000, onWait: () => log('waiting for another process, which is downloading Electron') })
}

/** @param {string} packageFolder @param {string} distPath @param {string} version */
function isComplete(packageFolder, distPath, version) {
  const stamp = path.join(distPath, 'version')
  return (
    fs.existsSync(stamp) &&
    fs.readFileSync(stamp, 'utf8').trim().replace(/^v/, '') === version &&
    fs.existsSync(path.join(packageFolder, 'path.txt')) && // written last
    fs.existsSync(executableIn(distPath))
  )
}

/** The package's download has no deadline of its own for a network that swallows everything: knock first. */
async function unreachable() {
  const env = process.env
  if (env['HTTPS_PROXY'] || env['https_proxy']) return null // the way out is not ours to judge
  const mirror = new URL(env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? 'https://github.com')
  const port = Number(mirror.port || (mirror.protocol === 'http:' ? 80 : 443))
  return new Promise((resolve) => {
    const socket = net.connect({ host: mirror.hostname, port })
    /** @param {string | null} problem */
    const finish = (problem) => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(answerMs, () => finish(`${mirror.hostname} did not answer within ${answerMs / 1000} s`))
    socket.once('connect', () => finish(null))
    socket.once('error', (error) => finish(error.message || String(error)))
  })
}

/** @param {string} packageFolder @returns {Promise<string | null>} */
async function download(packageFolder) {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const ended = await run(process.execPath, [path.join(packageFolder, 'install.js')], {
    env: { ...env, NODE_USE_ENV_PROXY: '1' },
    timeoutMs: downloadMs,
  })
  return ended.code === 0 ? null : reasonOf(ended)
}
