// Builds the app if the sources are not what out/ was built from. Quick when they are; one process at a time when not.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { exclusively } from './exclusive.mjs'
import { underRightNode } from './node-version.mjs'
import { inRoot, root } from './places.mjs'
import { run } from './run.mjs'
import { lasted, say } from './say.mjs'
import { isBuilt, sourcesHash, stampBuilt, unstamp } from './sources.mjs'

const buildMs = 300_000

/**
 * @returns {Promise<string | null>} null when out/ is current; otherwise what went wrong, with the build's own words
 */
export async function ensureBuilt() {
  if (isBuilt(sourcesHash())) return null
  return exclusively(inRoot('out', '.build.lock'), buildOnce, {
    timeoutMs: buildMs + 10_000,
    onWait: (owner) => say(`waiting for process ${owner.pid}, which is building the app`),
  })
}

async function buildOnce() {
  const hash = sourcesHash()
  if (isBuilt(hash)) return null // by the process that was waited for
  const sinceMs = Date.now()
  say('building the app (its sources changed)')
  unstamp()
  const bin = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const ended = await run(process.execPath, [bin, 'build', '--logLevel', 'error'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    timeoutMs: buildMs,
  })
  if (ended.code !== 0) {
    const cause = ended.timedOut ? ` (ended after ${buildMs / 1000} s)` : ''
    return `the build failed${cause}:\n${ended.error ?? `${ended.stdout}${ended.stderr}`.trim()}`
  }
  stampBuilt(hash)
  say(`built the app in ${lasted(sinceMs)}`)
  return null
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await underRightNode()
  const problem = await ensureBuilt()
  if (problem !== null) {
    say(problem)
    process.exitCode = 1
  }
}
