/** Whether a configuration came out as it has to: bad ends NOT HELD, good HELD. */
import type { ScenarioEntry } from '@shared/api/contract'

type Configuration = ScenarioEntry['configurations'][number]

/** @returns null where nothing was judged yet, or where nothing may be concluded from the run */
export function isAsWanted({ last, wanted }: Pick<Configuration, 'last' | 'wanted'>): boolean | null {
  if (!last || last.end !== 'COMPLETED' || last.verdict === null || last.valid === false) return null
  return last.verdict === wanted
}

export function sign(configuration: Pick<Configuration, 'last' | 'wanted'>): '✓' | '✕' | '·' {
  const isWanted = isAsWanted(configuration)
  return isWanted === null ? '·' : isWanted ? '✓' : '✕'
}
