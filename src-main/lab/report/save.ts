/** Writes a report to a folder: the one place of this room that touches the disk. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReportModel } from '@shared/run/report'
import { formats, type FormatName } from './formats'

export { reportFormat } from './formats'

/** The file appears whole or not at all; the folder is made if missing. @returns its path */
export function saveReport(model: ReportModel, format: FormatName, dir: string): string {
  const { file, render } = formats[format]
  const text = render(model)
  mkdirSync(dir, { recursive: true })
  const path = join(dir, file)
  writeFileSync(`${path}.partial`, text)
  renameSync(`${path}.partial`, path)
  return path
}
