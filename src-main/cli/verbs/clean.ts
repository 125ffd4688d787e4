import { sweepAll } from '../../janitor/sweep'
import { EXIT } from '../../lab/failure'
import { dataFolder } from '../../lab/launch/paths'
import { outputOf } from '../output'
import type { Verb } from '../verb'

export const clean: Verb = {
  name: 'clean',
  usage: '',
  summary: 'undoes what a killed engine left behind; touches no lab that is in use',
  example: 'faultline clean',
  options: {},
  words: [0, 0],
  async run({ json }) {
    const out = outputOf(json)
    const { undone, failed } = await sweepAll(dataFolder().root)
    for (const { kind, what } of undone) out.line(`undone: ${kind} ${what}`)
    for (const { kind, what, why } of failed) out.line(`failed: ${kind} ${what}: ${why}`)
    if (undone.length === 0 && failed.length === 0) out.line('Nothing was left behind.')
    out.document({ undone, failed })
    return failed.length === 0 ? EXIT.held : EXIT.bug
  },
}
