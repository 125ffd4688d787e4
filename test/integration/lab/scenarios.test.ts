/** One incident as it is meant: the bad configuration does not hold, the good one does. All others are run by hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Report } from '@shared/run/report'
import { Desk } from './command-line'

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

it('a leader that hears nobody holds everything up until it checks its quorum', async () => {
  const table = join(desk.dir, 'table.md')
  const ended = await desk.run('scenarios', 'run', '7', '--out', table, '--json')
  const { runs } = JSON.parse(ended.stdout) as { runs: { configuration: string; as_wanted: boolean; report: Report }[] }
  expect(runs.map(({ configuration, report }) => [configuration, report.verdict])).toEqual([['bad', 'NOT_HELD'], ['good', 'HELD']])
  expect(runs.every(({ as_wanted }) => as_wanted)).toBe(true)
  // a busy machine may make a run invalid, never anything else
  expect(ended.code).toBe(runs.every(({ report }) => report.valid) ? 0 : 98)
  const rows = readFileSync(table, 'utf8').split('\n').filter((line) => line.startsWith('| 07 |'))
  expect(rows).toHaveLength(2)
  expect(rows[0]).toMatch(/\| bad \| NOT HELD \| NOT HELD \| unavailability\.longest .* not held/)
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
}, 120_000)
