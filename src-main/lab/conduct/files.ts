/** The files a run leaves for people and scripts: report.json, report.html, history.jsonl. */
import { join } from 'node:path'
import type { ReportModel } from '@shared/run/report'
import { saveReport } from '../report/save'
import type { Store } from '../store/store'

/** @returns the path of the HTML report */
export function writeRunFiles(store: Store, model: ReportModel, dir: string): string {
  saveReport(model, 'json', dir)
  const html = saveReport(model, 'html', dir)
  store.writeHistory(model.report.run, join(dir, 'history.jsonl'))
  return html
}
