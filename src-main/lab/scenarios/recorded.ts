/** What is on record of a plan: so that a table can be made without running everything again. */
import { createHash } from 'node:crypto'
import type { Report } from '@shared/run/report'
import type { Archive } from '../archive'
import type { ScenarioPlan } from './scenario'

/** @returns the newest valid run of exactly this text, else the newest at all; null when it was never run to its end */
export async function recordedReport(archive: Archive, { text, plan }: ScenarioPlan): Promise<Report | null> {
  const sha256 = createHash('sha256').update(text).digest('hex')
  const reports: Report[] = []
  for (const { run, title, end } of archive.list()) {
    if (title !== plan.title || end !== 'COMPLETED') continue
    const { report } = await archive.model(run)
    if (report.plan.sha256 === sha256) reports.push(report)
  }
  return reports.find(({ valid }) => valid) ?? reports[0] ?? null
}
