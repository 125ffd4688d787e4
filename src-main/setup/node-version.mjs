/**
 * The scripts run under the Node of node_modules, whatever the system has. Its install script is run here and not by
 * `npm install`: install scripts are off (.npmrc), because npm would compile the database's, and a machine without a
 * compiler could not install at all.
 */
import fs from 'node:fs'
import { exclusively } from './exclusive.mjs'
import { inRoot, root } from './places.mjs'
import { replacedBy } from './replaced-by.mjs'
import { reasonOf, run } from './run.mjs'
import { lasted, say } from './say.mjs'

export const requiredNodeMajor = 24

const neededThingMissing = 3
const getMs = 300_000
const bundledNode = inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/**
 * @param {string} version as process.version
 * @returns {string | null} what is wrong and what to do; null when nothing is
 */
export function nodeProblem(version) {
  const major = Number(/^v(\d+)\./.exec(version)?.[1] ?? Number.NaN)
  if (major >= requiredNodeMajor) return null
  return (
    `this is Node ${version}, and Faultline needs ${requiredNodeMajor} or newer. It comes with the dependencies: ` +
    'run `npm install`, then `npm rebuild node --ignore-scripts=false`, and start through npm (`npm start`, `npm test`, `npm run -s faultline`).'
  )
}

/**
 * Comes back only under the right Node. Under an older one it gets the right one, if need be, and starts this program
 * again under it; where that can't be had, it says so and ends with exit code 3 (something needed is missing).
 */
export async function underRightNode() {
  if (nodeProblem(process.version) === null) return
  const problem = await getBundledNode()
  if (problem !== null) {
    say(`${problem}\n${nodeProblem(process.version)}`)
    process.exit(neededThingMissing)
  }
  replacedBy(bundledNode, process.argv.slice(1))
  await new Promise(() => {}) // ended by the one that replaces us
}

/** @returns {Promise<string | null>} null when it is there; otherwise why not */
async function getBundledNode() {
  if (await isRight()) return null
  if (!fs.existsSync(inRoot('node_modules', 'node'))) return 'the dependencies are not installed'
  return exclusively(inRoot('node_modules', '.faultline-node.lock'), async () => {
    if (await isRight()) return null // by the process that was waited for
    const sinceMs = Date.now()
    say(`getting Node ${requiredNodeMajor} (once)`)
    const ended = await run('npm', ['rebuild', 'node', '--ignore-scripts=false'], { cwd: root, timeoutMs: getMs })
    if (ended.code !== 0) return `\`npm rebuild node\`: ${reasonOf(ended)}`
    if (!(await isRight())) return `\`npm rebuild node\` left no Node ${requiredNodeMajor} in ${bundledNode}`
    say(`got Node ${requiredNodeMajor} in ${lasted(sinceMs)}`)
    return null
  }, { timeoutMs: getMs + 10_000, onWait: (owner) => say(`waiting for process ${owner.pid}, which is getting Node`) })
}

/** An interrupted install may have left half of it. */
async function isRight() {
  if (!fs.existsSync(bundledNode)) return false
  const ended = await run(bundledNode, ['--version'], { timeoutMs: 10_000 })
  return ended.code === 0 && nodeProblem(ended.stdout.trim()) === null
}
