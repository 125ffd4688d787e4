/** The files a run leaves for people and scripts: report.json, report.html, history.jsonl. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReportModel } from '@shared/run/report'
import { renderHtml } from '../report/html'
import { reportJson } from '../report/json'
import type { Store } from '../store/store'

/** @returns the path of the HTML report */
export function writeRunFiles(store: Store, model: ReportModel, dir: string): string {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'report.json'), reportJson(model))
  const html = join(dir, 'report.html')
  writeFileSync(html, renderHtml(model))
  store.writeHistory(model.report.run, join(dir, 'history.jsonl'))
  return html
}
