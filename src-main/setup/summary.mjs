// Adds the reports of all test steps to the closing line. What can't be counted is a failure, never silence.

/**
 * @typedef {{ passed: number, failed: number, skipped: number, notes: string[] }} Tally notes name each failure that no
 *   test reported by itself
 * @typedef {{ code: number | null, problem: string | null }} StepEnd how the step's program ended; problem = could not
 *   be started, took too long
 */

/** A step that passes or fails as a whole (lint, types). @param {string} name @param {StepEnd} end @returns {Tally} */
export function tallyOfCheck(name, end) {
  if (end.code === 0 && end.problem === null) return { passed: 1, failed: 0, skipped: 0, notes: [] }
  return { passed: 0, failed: 1, skipped: 0, notes: [`${name}: ${end.problem ?? `exit code ${end.code}`}`] }
}

/**
 * @param {string} name of the step
 * @param {string | null} report vitest's JSON; null = it wrote none
 * @param {StepEnd} end
 * @returns {Tally}
 */
export function tallyOfVitest(name, report, end) {
  const parsed = parse(report)
  if (parsed === null) return failure(name, `wrote no report (${end.problem ?? `exit code ${end.code}`})`)
  const unloaded = (parsed.testResults ?? []).filter(
    (/** @type {any} */ file) => file.status === 'failed' && !file.assertionResults.some((/** @type {any} */ test) => test.status === 'failed'),
  )
  return settle(name, end, {
    passed: parsed.numPassedTests ?? 0,
    failed: (parsed.numFailedTests ?? 0) + unloaded.length,
    skipped: (parsed.numPendingTests ?? 0) + (parsed.numTodoTests ?? 0),
    notes: unloaded.map((/** @type {any} */ file) => `${name}: ${file.name} failed outside its tests: ${firstLine(file.message)}`),
  })
}

/**
 * @param {string} name of the step
 * @param {string | null} report Playwright's JSON; null = it wrote none
 * @param {StepEnd} end
 * @returns {Tally}
 */
export function tallyOfPlaywright(name, report, end) {
  const parsed = parse(report)
  if (parsed?.stats === undefined) return failure(name, `wrote no report (${end.problem ?? `exit code ${end.code}`})`)
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = parsed.stats
  const errors = parsed.errors ?? [] // a file that did not load, a set-up that failed
  return settle(name, end, {
    passed: expected,
    failed: unexpected + flaky + errors.length,
    skipped,
    notes: errors.map((/** @type {any} */ error) => `${name}: ${firstLine(error.message)}`),
  })
}

/** @param {Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
    skipped: tallies.reduce((total, tally) => total + tally.skipped, 0),
    notes: tallies.flatMap((tally) => tally.notes),
  }
}

/** @param {Tally} tally */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** A step in which no test ran, or whose program failed although no test did, has failed. @param {string} name @param {StepEnd} end @param {Tally} tally */
function settle(name, end, tally) {
  if (tally.failed > 0) return tally
  if (end.code !== 0 || end.problem !== null) return sum([tally, failure(name, end.problem ?? `exit code ${end.code} though no test failed`)])
  if (tally.passed + tally.skipped === 0) return sum([tally, failure(name, 'no test ran')])
  return tally
}

/** @param {string} name @param {string} why @returns {Tally} */
const failure = (name, why) => ({ passed: 0, failed: 1, skipped: 0, notes: [`${name}: ${why}`] })

/** @param {unknown} message */
const firstLine = (message) => String(message ?? 'no message').split('\n')[0]

/** @param {string | null} report @returns {any} null when there is none or it is cut off */
function parse(report) {
  if (report === null) return null
  try {
    return JSON.parse(report)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
