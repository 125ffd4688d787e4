// The steps of `npm test`, in their order: what is run, for how long at most, and how its result is counted.
import { inRoot } from './places.mjs'
import { tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from './summary.mjs'

const minuteMs = 60_000

/** Where the reports and everything else that tests leave go. */
export const resultsFolder = inRoot('test-results')

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[][]} commands each a script of node_modules and its arguments; all are run, all must end with 0
 * @property {number} timeoutMs for each command
 * @property {string | null} report the JSON file it writes
 * @property {boolean} app whether it runs the built app
 * @property {boolean} window whether it opens windows
 * @property {(name: string, report: string | null, end: import('./summary.mjs').StepEnd) => import('./summary.mjs').Tally} tally
 */

/** @param {string} name @param {string[][]} commands @returns {Step} */
const check = (name, commands) => ({
  name,
  commands,
  timeoutMs: 5 * minuteMs,
  report: null,
  app: false,
  window: false,
  tally: (step, _report, end) => tallyOfCheck(step, end),
})

/** @param {string} name @param {number} timeoutMs @param {boolean} app @returns {Step} */
const vitest = (name, timeoutMs, app) => {
  const report = inRoot('test-results', `${name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return {
    name,
    commands: [['vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--project', name, ...reporters]],
    timeoutMs,
    report,
    app,
    window: false,
    tally: tallyOfVitest,
  }
}

/** @type {Step[]} */
export const steps = [
  check('lint', [
    ['dependency-cruiser/bin/dependency-cruiser.mjs', '--config', 'test/dependency-cruiser.cjs', 'src-shared', 'src-main', 'src-renderer'],
    ['oxlint/bin/oxlint', '--config', 'test/oxlint.json', '--deny-warnings', 'src-shared', 'src-main', 'src-renderer', 'test'],
  ]),
  check('lock file', [['../src-main/setup/lock-file.mjs']]),
  check('typecheck', [['vue-tsc/bin/vue-tsc.js', '--noEmit']]),
  vitest('unit', 10 * minuteMs, false),
  vitest('integration', 20 * minuteMs, true),
  {
    name: 'e2e',
    commands: [['@playwright/test/cli.js', 'test', '--config', 'test/playwright.config.ts']],
    timeoutMs: 20 * minuteMs,
    report: inRoot('test-results', 'e2e.json'),
    app: true,
    window: true,
    tally: tallyOfPlaywright,
  },
]
