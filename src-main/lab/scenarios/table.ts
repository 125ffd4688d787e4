/** Verdicts of scenarios as a table in the handbook: rows of what was run now replace their older ones, all others stay. */
import type { Report } from '@shared/run/report'
import { configurations, wantedVerdict, type Configuration, type Scenario } from './scenario'
import { observed } from '../report/figures'

export interface ScenarioRun {
  scenario: Pick<Scenario, 'id' | 'number' | 'title' | 'tells'>
  configuration: Configuration
  report: Report
}

const HEAD = '| # | scenario | configuration | verdict | wanted | key figures | valid |'
const RULE = '|---|---|---|---|---|---|---|'

/** Whether it came out as it must: its verdict, and that the run may be believed. */
export function isAsWanted({ configuration, report }: ScenarioRun): boolean {
  return report.end === 'COMPLETED' && report.verdict === wantedVerdict[configuration]
}

/** The values that tell bad from good, with what was expected of them. */
export function keyFigures({ scenario, report }: ScenarioRun): string {
  return report.expectations
    .filter(({ metric }) => scenario.tells.metrics.includes(metric))
    .map(({ metric, expected, observed: value, held }) => `${metric} ${observedText(metric, value)} (${expected}${held === false ? ', not held' : ''})`)
    .join(' · ')
}

/** What never recovered has no value; the availability beside it says how bad it was. */
function observedText(metric: string, value: number | string | null): string {
  return metric.startsWith('recovery') && value === null ? 'never' : observed(metric, value)
}

export function rowOf(run: ScenarioRun): string {
  const { scenario, configuration, report } = run
  const valid = report.valid ? 'yes' : `no: ${report.invalid.join(' ')}`
  const cells = [pad(scenario.number), scenario.title, configuration, words(report.verdict), words(wantedVerdict[configuration]), keyFigures(run), valid]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** @param before the table as it is, or '' */
export function mergedTable(before: string, runs: readonly ScenarioRun[]): string {
  const rows = new Map(before.split('\n').filter((line) => /^\| \d\d \|/.test(line)).map((line) => [keyOf(line), line]))
  for (const run of runs) {
    const row = rowOf(run)
    rows.set(keyOf(row), row)
  }
  return [HEAD, RULE, ...[...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)].join('\n')
}

/** Number and configuration: bad before good. */
function keyOf(row: string): string {
  const [, number, , configuration] = row.split(/(?<!\\)\|/).map((cell) => cell.trim())
  return `${number} ${configurations.indexOf(configuration as Configuration)}`
}

/** One line on the terminal. */
export function lineOf(run: ScenarioRun): string {
  const { scenario, configuration, report } = run
  const mark = isAsWanted(run) ? '✓' : '✗'
  const invalid = report.valid ? '' : '  (invalid)'
  return `${mark} ${pad(scenario.number)} ${configuration.padEnd(4)} ${words(report.verdict).padEnd(12)} ${scenario.title}  ${keyFigures(run)}${invalid}`
}


const pad = (number: number): string => String(number).padStart(2, '0')
const words = (verdict: string): string => verdict.replace('_', ' ')
