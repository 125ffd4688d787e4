// The closing line counts what ran, and takes silence for failure.
import { describe, expect, it } from 'vitest'
import { closingLine, sum, tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from '../../../src-main/setup/summary.mjs'

const well = { code: 0, problem: null }
const badly = { code: 1, problem: null }
const vitest = (counts: object, testResults: object[] = []): string => JSON.stringify({ numTotalTests: 0, ...counts, testResults })

describe('a vitest report', () => {
  it('adds passed, failed and skipped', () => {
    const report = vitest({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 })
    expect(tallyOfVitest('unit', report, badly)).toEqual({ passed: 7, failed: 2, skipped: 2, notes: [] })
  })
  it('that is missing is a failure', () => {
    expect(tallyOfVitest('unit', null, well)).toMatchObject({ passed: 0, failed: 1 })
  })
  it('that is cut off is a failure', () => {
    expect(tallyOfVitest('unit', '{"numPassedTests": 7, "testRes', well)).toMatchObject({ passed: 0, failed: 1 })
  })
  it('without any test is a failure', () => {
    expect(tallyOfVitest('unit', vitest({}), well)).toEqual({ passed: 0, failed: 1, skipped: 0, notes: ['unit: no test ran'] })
  })
  it('counts a file that did not load', () => {
    const report = vitest({ numPassedTests: 3 }, [
      { name: 'a.test.ts', status: 'failed', message: 'SyntaxError: x\n at y', assertionResults: [] },
      { name: 'b.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] },
    ])
    expect(tallyOfVitest('unit', report, badly)).toEqual({
      passed: 3,
      failed: 1,
      skipped: 0,
      notes: ['unit: a.test.ts failed outside its tests: SyntaxError: x'],
    })
  })
  it('does not count a file twice whose tests failed', () => {
    const report = vitest({ numFailedTests: 1 }, [{ name: 'a', status: 'failed', message: '', assertionResults: [{ status: 'failed' }] }])
    expect(tallyOfVitest('unit', report, badly).failed).toBe(1)
  })
  it('without a failure is one if vitest itself ended badly (an unhandled error, a deadline)', () => {
    expect(tallyOfVitest('unit', vitest({ numPassedTests: 3 }), badly)).toMatchObject({ passed: 3, failed: 1 })
    expect(tallyOfVitest('unit', vitest({ numPassedTests: 3 }), { code: null, problem: 'took longer than 10 min' })).toMatchObject({
      failed: 1,
      notes: ['unit: took longer than 10 min'],
    })
  })
})

describe('a Playwright report', () => {
  const playwright = (stats: object, errors: object[] = []): string => JSON.stringify({ stats, errors })
  it('counts a flaky test as failed', () => {
    expect(tallyOfPlaywright('e2e', playwright({ expected: 4, unexpected: 1, flaky: 1, skipped: 2 }), badly)).toEqual({
      passed: 4,
      failed: 2,
      skipped: 2,
      notes: [],
    })
  })
  it('counts errors outside tests', () => {
    const report = playwright({ expected: 0, unexpected: 0 }, [{ message: 'Error: no tests found\nmore' }])
    expect(tallyOfPlaywright('e2e', report, badly)).toMatchObject({ failed: 1, notes: ['e2e: Error: no tests found'] })
  })
  it('that is missing, or says nothing, is a failure', () => {
    expect(tallyOfPlaywright('e2e', null, well).failed).toBe(1)
    expect(tallyOfPlaywright('e2e', '{}', well).failed).toBe(1)
    expect(tallyOfPlaywright('e2e', playwright({ expected: 0 }), well).failed).toBe(1)
  })
})

describe('the closing line', () => {
  it('is the sum of all steps', () => {
    const tallies = [tallyOfCheck('lint', well), tallyOfCheck('types', badly), tallyOfVitest('unit', vitest({ numPassedTests: 5 }), well)]
    expect(closingLine(sum(tallies))).toBe('6 passed, 1 failed')
    expect(sum(tallies).notes).toEqual(['types: exit code 1'])
  })
  it('names skipped tests only where there are some', () => {
    expect(closingLine({ passed: 1, failed: 0, skipped: 3, notes: [] })).toBe('1 passed, 0 failed, 3 skipped')
  })
  it('takes a check that could not start for failed', () => {
    expect(tallyOfCheck('lint', { code: null, problem: 'spawn ENOENT' })).toMatchObject({ failed: 1, notes: ['lint: spawn ENOENT'] })
  })
})
