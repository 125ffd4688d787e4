/** What `faultline check` answers: is this history of client operations linearizable? */
import { parseHistory } from '@shared/run/history'
import { type LinearizabilityResult, checkLinearizable } from './linearizability/check'

export type HistoryCheck = LinearizabilityResult | { error: { line: number; message: string } }

/**
 * @param text `history.jsonl`
 * @returns the public answer (`violation` and `reason` beside it), or where the text is malformed
 */
export function checkHistory(text: string, budgetMs: number, now: () => number = () => performance.now()): HistoryCheck {
  const parsed = parseHistory(text)
  if ('error' in parsed) return parsed
  return checkLinearizable(parsed.operations, { budgetMs, now })
}
