import { parseDuration } from '@shared/plan/units'
import { violationLines } from '@shared/run/lane-text'
import { EXIT, LabFailure } from '../../lab/failure'
import { checkHistory } from '../../lab/judge/check-history'
import { outputOf } from '../output'
import { readText } from '../plan-file'
import type { Verb } from '../verb'

const DEFAULT_BUDGET_MS = 60_000

export const check: Verb = {
  name: 'check',
  usage: 'HISTORY.jsonl [--budget 60s]',
  summary: 'decides whether a history of operations is linearizable',
  example: 'faultline check history.jsonl --budget 60s',
  options: { budget: { type: 'string' } },
  words: [1, 1],
  help: '  --budget 60s   give up (verdict unknown) after this time',
  async run({ positionals, values, json }) {
    const out = outputOf(json)
    const file = positionals[0]!
    const checked = checkHistory(readText(file), budgetOf(values.budget))
    if ('error' in checked) throw new LabFailure('usage', `${file}:${checked.error.line}: ${checked.error.message}`)
    out.line(`${checked.verdict}: ${checked.operations} operations on ${checked.keys} keys, ${checked.seconds.toFixed(2)} s`)
    if (checked.reason !== undefined) out.line(checked.reason)
    if (checked.violation !== undefined) for (const line of violationLines(checked.violation)) out.line(line)
    out.document(checked)
    return checked.verdict === 'ok' ? EXIT.held : checked.verdict === 'violated' ? EXIT.notHeld : EXIT.inconclusive
  },
}

function budgetOf(value: string | boolean | undefined): number {
  if (value === undefined) return DEFAULT_BUDGET_MS
  const budget = parseDuration(String(value))
  if (!budget.ok || budget.value <= 0) throw new LabFailure('usage', `--budget ${String(value)}: a duration with its unit is needed, e.g. 60s`)
  return budget.value
}
