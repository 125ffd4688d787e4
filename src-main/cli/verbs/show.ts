import { Archive } from '../../lab/archive'
import { EXIT } from '../../lab/failure'
import { dataFolder } from '../../lab/launch/paths'
import { outputOf } from '../output'
import { summaryOf } from '../summary'
import type { Verb } from '../verb'

export const show: Verb = {
  name: 'show',
  usage: 'RUN',
  summary: 'shows the verdict of a recorded run; --json prints its report.json',
  example: 'faultline show 20261123-213805-k3f9',
  options: {},
  words: [1, 1],
  async run({ positionals, json }) {
    const out = outputOf(json)
    const archive = await Archive.open(dataFolder())
    try {
      const { report } = await archive.model(positionals[0]!)
      out.line(summaryOf(report))
      out.document(report)
      return EXIT.held
    } finally {
      archive.close()
    }
  },
}
