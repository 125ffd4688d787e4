/**
 * `npm test`: makes everything ready, runs every step even if one fails, and closes with `N passed, N failed`.
 * With names of steps (`node src-main/setup/test.mjs lint unit`) it runs only those.
 */
import fs from 'node:fs'
import path from 'node:path'
import { findElectron } from './electron.mjs'
import { underRightNode } from './node-version.mjs'
import { hasDisplay, installPackages, missingPackages } from './packages.mjs'
import { root } from './places.mjs'
import { makeReady } from './ready.mjs'
import { reasonOf, run, signalGroup, tidyMs } from './run.mjs'
import { lasted, say } from './say.mjs'
import { closingLine, sum, tallyOfCheck } from './summary.mjs'
import { steps } from './test-steps.mjs'

await underRightNode() // before signals are ours to handle

const canceled = 130
/** @type {number | null} the process group of the step that runs */
let runningGroup = null
let whenStepEnds = () => {}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => endEarly(signal))

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  say(`no such step: ${unknown.join(', ')}; there are: ${steps.map((step) => step.name).join(', ')}`)
  process.exit(2)
}
const chosen = asked.length === 0 ? steps : steps.filter((step) => asked.includes(step.name))

const { electron, problems } = await makeAllReady(chosen)
const tallies = problems.map((problem) => tallyOfCheck('set-up', { code: null, problem }))
for (const step of chosen) {
  const sinceMs = Date.now()
  say(`── ${step.name}`)
  const tally = await runStep(step)
  say(`── ${step.name}: ${closingLine(tally)} in ${lasted(sinceMs)}`)
  tallies.push(tally)
}
const total = sum(tallies)
for (const note of total.notes) say(note)
process.stdout.write(`${closingLine(total)}\n`)
process.exitCode = total.failed > 0 ? 1 : 0

/**
 * Only what the chosen steps need: the linter has nothing to build.
 * @param {import('./test-steps.mjs').Step[]} chosen
 * @returns {Promise<{ electron: import('./electron.mjs').ElectronFound | null, problems: string[] }>}
 */
async function makeAllReady(chosen) {
  const sinceMs = Date.now()
  /** @type {string[]} */
  const problems = []
  if (chosen.some((step) => step.app) && !(await makeReady())) problems.push('the app could not be built')
  if (!chosen.some((step) => step.window)) return { electron: null, problems }
  const remedy = await installPackages(await missingPackages({ virtualDisplay: !hasDisplay() }), say)
  if (remedy !== null) problems.push(remedy)
  const found = await findElectron({ log: say })
  if (found.ok) say(`Electron ${found.version}${found.official ? '' : ' (stand-in)'}`)
  else problems.push(`${found.message}\n${found.remedy}`)
  say(`everything made ready in ${lasted(sinceMs)}`)
  return { electron: found.ok ? found : null, problems }
}

/** @param {import('./test-steps.mjs').Step} step */
async function runStep(step) {
  if (step.report !== null) fs.rmSync(step.report, { force: true }) // an old report must not be counted
  /** @type {import('./summary.mjs').StepEnd} */
  let end = { code: 0, problem: null }
  for (const [script = '', ...args] of step.commands) {
    const command = [process.execPath, path.join(root, 'node_modules', script), ...args]
    if (step.window && !hasDisplay()) command.unshift('xvfb-run', '-a', '-s', '-screen 0 1920x1080x24')
    const ended = await run(command[0] ?? '', command.slice(1), {
      cwd: root,
      env: stepEnvironment(step),
      timeoutMs: step.timeoutMs,
      showOnStdout: true,
      ownGroup: true,
      onStart: (pid) => (runningGroup = pid),
    })
    runningGroup = null
    whenStepEnds()
    const problem = ended.timedOut ? `took longer than ${step.timeoutMs / 60_000} min` : ended.code === null ? reasonOf(ended) : null
    if (end.code === 0 && end.problem === null) end = { code: ended.code, problem }
  }
  const report = step.report !== null && fs.existsSync(step.report) ? fs.readFileSync(step.report, 'utf8') : null
  return step.tally(step.name, report, end)
}

/** @param {import('./test-steps.mjs').Step} step */
function stepEnvironment(step) {
  const { NODE_OPTIONS: _options, ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env
  env['FAULTLINE_NODE_PATH'] = process.execPath
  if (step.window && electron !== null) {
    env['ELECTRON_OVERRIDE_DIST_PATH'] = electron.distPath
    env['FAULTLINE_TEST_ELECTRON'] = electron.official ? 'official' : 'stand-in'
  }
  return env
}

/** The step has a group of its own, so a signal to us has to be handed on. @param {NodeJS.Signals} signal */
function endEarly(signal) {
  say(`${signal}: ended early`)
  const group = runningGroup
  if (group === null) process.exit(canceled)
  signalGroup(group, 'SIGTERM')
  setTimeout(() => {
    signalGroup(group, 'SIGKILL')
    process.exit(canceled)
  }, tidyMs).unref()
  whenStepEnds = () => process.exit(canceled)
}
