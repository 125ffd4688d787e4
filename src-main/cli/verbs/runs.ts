import { Archive } from '../../lab/archive'
import { EXIT } from '../../lab/failure'
import { dataFolder } from '../../lab/launch/paths'
import { outputOf } from '../output'
import type { Verb } from '../verb'

export const runs: Verb = {
  name: 'runs',
  usage: '',
  summary: 'lists what was recorded, newest first',
  example: 'faultline runs --json',
  options: {},
  words: [0, 0],
  async run({ json }) {
    const out = outputOf(json)
    const archive = await Archive.open(dataFolder())
    try {
      const list = archive.list()
      if (list.length === 0) out.line('Nothing was recorded yet. Start with: faultline run resources/plans/leader-crash.yaml')
      for (const { run: id, title, started, end, verdict, valid } of list) {
        out.line(`${id}  ${started.slice(0, 19).replace('T', ' ')}  ${end.padEnd(9)}  ${(verdict ?? '–').padEnd(12)}  ${valid === false ? 'invalid  ' : ''}${title}`)
      }
      out.document({ runs: list })
      return EXIT.held
    } finally {
      archive.close()
    }
  },
}
