// The scripts run under the Node of node_modules, whatever the system has. Where that is missing, this says what to do.
import { say } from './say.mjs'

export const requiredNodeMajor = 24

/**
 * @param {string} version as process.version
 * @returns {string | null} what is wrong and what to do; null when nothing is
 */
export function nodeProblem(version) {
  const major = Number(/^v(\d+)\./.exec(version)?.[1] ?? Number.NaN)
  if (major >= requiredNodeMajor) return null
  return (
    `this is Node ${version}, and Faultline needs ${requiredNodeMajor} or newer. It comes with the dependencies: ` +
    'start through npm (`npm start`, `npm test`, `npm run -s faultline`). If you did, its install script was skipped: ' +
    'run `npm rebuild node` (with an npm set to ignore scripts: `npm rebuild node --ignore-scripts=false`) and try again.'
  )
}

/** Ends this process with exit code 3 (something needed is missing) under an older Node. */
export function requireNode() {
  const problem = nodeProblem(process.version)
  if (problem === null) return
  say(problem)
  process.exit(3)
}
