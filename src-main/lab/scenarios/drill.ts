/** The drill: faults of several kinds, each several times, and how long recovery took by kind. */
import type { Report } from '@shared/run/report'
import { resourcePath } from '../launch/entries'
import { duration, NONE } from '../report/figures'
import { recoveryByKind } from '../report/recovery-by-kind'
import { readScenarioPlan, type ScenarioPlan } from './scenario'

export const drillPlan = (): ScenarioPlan => readScenarioPlan(resourcePath('scenarios', 'drill-table', 'plan.yaml'))

/** As a Markdown table, for the terminal and for the handbook. */
export function drillTable(report: Report): string {
  const head = ['| fault | triggers | mean recovery | median | max | not recovered | alert fired |', '|---|--:|--:|--:|--:|--:|---|']
  const rows = recoveryByKind(report.faults).map(({ fault, triggers, meanMs, medianMs, maxMs, notRecovered }) => {
    const cells = [fault, triggers, duration(meanMs), duration(medianMs), duration(maxMs), notRecovered, NONE]
    return `| ${cells.join(' | ')} |`
  })
  return [...head, ...rows].join('\n')
}
