/** `report.json`: exactly the public report, nothing of the model round it. */
import type { ReportModel } from '@shared/run/report'

export function reportJson(model: ReportModel): string {
  return `${JSON.stringify(model.report, null, 2)}\n`
}
