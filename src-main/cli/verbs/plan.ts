import { callText } from '@shared/plan/call-text'
import { expand } from '@shared/plan/expand'
import { parsePlan } from '@shared/plan/parse'
import type { ScheduledFault } from '@shared/plan/schedule'
import { EXIT, LabFailure } from '../../lab/failure'
import { outputOf, problemLine } from '../output'
import { readPlan, readText, seedFor } from '../plan-file'
import type { Verb } from '../verb'

export const plan: Verb = {
  name: 'plan',
  usage: 'check FILE | expand FILE [--seed N]',
  summary: 'checks a plan, or shows every call it comes to (the dry run; injects nothing)',
  example: 'faultline plan check resources/plans/leader-crash.yaml',
  options: { seed: { type: 'string' } },
  words: [2, 2],
  help: '  --seed N    another seed than the plan\'s\n\nfaultline faults lists what a timeline can have, and faults NAME what one of them needs.',
  async run({ positionals, values, json }) {
    const [action, file] = positionals as [string, string]
    switch (action) {
      case 'check':
        return check(file, json)
      case 'expand':
        return dryRun(file, values.seed, json)
      default:
        throw new LabFailure('usage', `plan ${action}: there is "plan check" and "plan expand"`)
    }
  },
}

function check(file: string, json: boolean): number {
  const out = outputOf(json)
  const { plan: parsed, problems } = parsePlan(readText(file))
  for (const problem of problems) out.line(problemLine(file, problem))
  if (parsed) out.line(`${file}: ${problems.length === 0 ? 'no problems' : 'usable'}`)
  out.document({ ok: parsed !== null, problems })
  return parsed ? EXIT.held : EXIT.usage
}

function dryRun(file: string, seedValue: string | boolean | undefined, json: boolean): number {
  const out = outputOf(json)
  const { plan: parsed } = readPlan(file)
  const schedule = expand(parsed, seedFor(parsed, seedValue))
  out.line(`${parsed.title} · seed ${schedule.seed} · ${schedule.duration_ms / 1000} s`)
  for (const fault of schedule.schedule) {
    out.line(`\n${momentText(fault)}  ${fault.fault} ${fault.id} on ${fault.target}`)
    for (const call of fault.calls) out.line(`  do    ${callText(call)}`)
    for (const call of fault.undo) out.line(`  undo  ${callText(call)}`)
  }
  out.line('\nat the end, whatever happened:')
  for (const step of schedule.cleanup) out.line(`  ${step}`)
  out.document(schedule)
  return EXIT.held
}

function momentText({ at_ms, until_ms, when, for_ms }: ScheduledFault): string {
  if (at_ms === null || until_ms === null) return `when ${when}, for ${(for_ms! / 1000).toFixed(1)} s`
  return `${(at_ms / 1000).toFixed(1)}–${(until_ms / 1000).toFixed(1)} s`
}
