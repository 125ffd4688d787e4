import { examine } from '../../lab/doctor'
import { EXIT } from '../../lab/failure'
import { dataFolder } from '../../lab/launch/paths'
import { outputOf } from '../output'
import type { Verb } from '../verb'

export const doctor: Verb = {
  name: 'doctor',
  usage: '',
  summary: 'says what was found, what is missing, and how to get it',
  example: 'faultline doctor',
  options: {},
  words: [0, 0],
  async run({ json }) {
    const out = outputOf(json)
    const checks = await examine(dataFolder())
    const ok = checks.every((check) => check.ok || !check.needed)
    for (const check of checks) {
      out.line(`${check.ok ? '✓' : check.needed ? '✗' : '!'} ${check.name.padEnd(10)} ${check.found ?? 'missing'}`)
      if (check.remedy) out.line(`  → ${check.remedy}`)
    }
    out.line(ok ? 'A run can work here.' : 'A run can not work here yet.')
    out.document({ ok, checks: checks.map(({ needed: _, ...check }) => check) })
    return ok ? EXIT.held : EXIT.missing
  },
}
