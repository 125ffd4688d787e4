import { resolve } from 'node:path'
import { Archive } from '../../lab/archive'
import { EXIT, LabFailure } from '../../lab/failure'
import { dataFolder } from '../../lab/launch/paths'
import { reportFormat, saveReport } from '../../lab/report/save'
import { outputOf } from '../output'
import type { Verb } from '../verb'

export const report: Verb = {
  name: 'report',
  usage: 'RUN --format html,json --out DIR',
  summary: 'writes the report of a recorded run',
  example: 'faultline report 20261123-213805-k3f9 --format html,json --out ./report',
  options: { format: { type: 'string' }, out: { type: 'string' } },
  words: [1, 1],
  help: ['  --format LIST   html, json (several with commas; default html)', '  --out DIR       folder to write to (default: here)'].join('\n'),
  async run({ positionals, values, json }) {
    const out = outputOf(json)
    const formats = String(values.format ?? 'html')
      .split(',')
      .map((word) => {
        const format = reportFormat(word.trim())
        if (!format.ok) throw new LabFailure('usage', format.message)
        return format.format
      })
    const archive = await Archive.open(dataFolder())
    try {
      const model = await archive.model(positionals[0]!)
      const files = formats.map((format) => saveReport(model, format, resolve(String(values.out ?? '.'))))
      for (const file of files) out.line(file)
      out.document({ files })
      return EXIT.held
    } finally {
      archive.close()
    }
  },
}
