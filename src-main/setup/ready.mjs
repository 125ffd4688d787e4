/**
 * What the command line needs: the right Node, a current build, a Toxiproxy. Run before each `npm run faultline`.
 * A missing Toxiproxy is told and does not stop: verbs that need none still work, `run` and `doctor` say what to do.
 */
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { underRightNode } from './node-version.mjs'
import { say } from './say.mjs'
import { findToxiproxy } from './toxiproxy.mjs'

/** @returns {Promise<boolean>} false when the app could not be built; said why */
export async function makeReady() {
  await underRightNode()
  const problem = await ensureBuilt()
  if (problem !== null) {
    say(problem)
    return false
  }
  const toxiproxy = await findToxiproxy({ log: say })
  if (!toxiproxy.ok) say(`${toxiproxy.message}\n${toxiproxy.remedy}`)
  return true
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = (await makeReady()) ? 0 : 1
