/** `phases` and `timeline`: how long each part lasts, and which fault happens when, to whom. */
import { choice, duration, integer, text } from '../field'
import type { Fault } from '../faults/fault'
import { BASE_TOXIC } from '../faults/toxic'
import { parseStart } from '../live-condition'
import type { PlanMap } from '../map'
import { planPhases } from '../phases'
import type { Plan, Repeat, StartCondition, TimelineEntry } from '../plan'
import { writtenText } from '../source'
import { MONKEY } from '../unfold'
import { formatDuration } from '../units'
import { openEntry, type Parts, readFault } from './entry'

const HOUR_MS = 3_600_000
/** More is a monkey. */
const REPEAT_MAX = 100

const fields = {
  warmup: { ...duration({ help: 'before anything counts', min: 0, max: HOUR_MS, usual: 's' }), initial: 5000 },
  baseline: { ...duration({ help: 'steady state to compare with', min: 1000, max: HOUR_MS, usual: 's' }), initial: 10_000 },
  faults: { ...duration({ help: 'while faults happen', min: 1000, max: HOUR_MS, usual: 's' }), initial: 30_000 },
  recovery: { ...duration({ help: 'watched after the faults', min: 0, max: HOUR_MS, usual: 's' }), initial: 15_000 },
}

/** What every entry can say beside its fault, target and the fault's own parameters. */
export const entryFields = {
  id: text({ help: 'name of this entry', maxLength: 100, pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, like: 'a name of letters, digits, - and _ (at most 40)' }),
  phase: { ...choice({ help: 'the phase that `at` counts from', options: planPhases }), initial: 'faults' as const },
  at: duration({ help: 'when it begins, e.g. at: 2s', min: 0, max: HOUR_MS, usual: 's' }),
  for: duration({ help: 'how long it lasts, or `for: good`: until the run ends; without it, until the phase ends', min: 100, max: HOUR_MS, usual: 's' }),
  when: text({ help: 'what it waits for instead of `at`, e.g. when: leader elected', maxLength: 200 }),
  within: duration({ help: 'with `when`: counts as never started after this', min: 100, max: HOUR_MS, usual: 's' }),
  repeat: integer({ help: 'how often it happens', min: 1, max: REPEAT_MAX }),
  every: duration({ help: 'with `repeat`: from begin to begin', min: 100, max: HOUR_MS, usual: 's' }),
  spread: { ...duration({ help: 'each begins up to this much later, drawn from the seed', min: 0, max: HOUR_MS, usual: 's' }), initial: 0 },
}

export function readPhases(plan: PlanMap): Plan['phases'] {
  const phases = plan.map('phases', { known: planPhases })
  return {
    warmupMs: phases.readOr('warmup', fields.warmup),
    baselineMs: phases.readOr('baseline', fields.baseline),
    faultsMs: phases.readOr('faults', fields.faults),
    recoveryMs: phases.readOr('recovery', fields.recovery),
  }
}

/** @returns the entries that could be read, and the ids of all, so that one bad entry is not reported twice */
export function readTimeline(plan: PlanMap, parts: Parts): { entries: { path: string; spec: TimelineEntry }[]; ids: string[] } {
  const entries: { path: string; spec: TimelineEntry }[] = []
  const ids = new Map<string, string>()
  for (const item of plan.items('timeline')) {
    const opened = openEntry(plan, item, Object.keys(entryFields))
    if (!opened) continue
    const { map, fault } = opened
    const id = map.read('id', entryFields.id)
    if (id !== undefined) {
      const earlier = ids.get(id)
      if (earlier !== undefined) plan.source.error(map.at('id'), `"${id}" is used twice (also ${earlier})`)
      else if (id === BASE_TOXIC) plan.source.error(map.at('id'), `"${id}" is the name of the standing network's toxics`)
      else if (isMonkeys(id)) plan.source.error(map.at('id'), `"${id}" is a name of the monkey's faults`)
      ids.set(id, item.path)
    }
    const spec = readEntry(map, id, fault, parts)
    if (spec) entries.push({ path: item.path, spec })
  }
  return { entries, ids: [...ids.keys()] }
}

function readEntry(map: PlanMap, id: string | undefined, fault: Fault | null, parts: Parts): TimelineEntry | null {
  const phase = map.read('phase', entryFields.phase)
  const when = readWhen(map)
  const atMs = map.has('when') ? 0 : map.read('at', entryFields.at)
  const forMs = isForGood(map) ? 'good' : map.readOptional('for', entryFields.for)
  if (map.has('when') && !map.has('for')) map.source.error(map.at('for'), 'for is missing: a fault that waits for something says how long it lasts', 'for: 5s')
  if (forMs === 'good' && (map.has('when') || map.has('repeat'))) map.source.error(map.at('for'), 'for: good goes with `at` alone', '5s')
  const repeat = readRepeat(map, forMs === 'good' ? null : forMs)
  const read = readFault(map, fault, parts)
  if (!read || id === undefined || phase === undefined || atMs === undefined) return null
  return { id, entry: id, phase, atMs, forMs, when, repeat, ...read }
}

const isForGood = (map: PlanMap): boolean => writtenText(map.node('for')) === 'good'

function readWhen(map: PlanMap): StartCondition | null {
  const { source } = map
  const withinMs = map.readOptional('within', entryFields.within)
  if (!map.has('when')) {
    if (map.has('within')) source.error(map.at('within'), 'within says how long `when` is waited for, and there is no `when`')
    return null
  }
  if (map.has('at')) source.error(map.at('at'), 'at and when both say when it begins: give one of them')
  const written = map.read('when', entryFields.when)
  const start = written === undefined ? undefined : parseStart(written)
  if (start && !start.ok) source.error(map.at('when'), start.message, start.suggestion)
  // The spread loses which of its forms it is, which a union keeps only when it is named.
  return start?.ok ? ({ ...start.value, withinMs } as StartCondition) : null
}

function readRepeat(map: PlanMap, forMs: number | null): Repeat | null {
  const { source } = map
  const spreadMs = map.readOr('spread', entryFields.spread)
  if (!map.has('repeat')) {
    if (map.has('every')) source.error(map.at('every'), 'every says how far apart repetitions are, and there is no `repeat`', 'repeat: 3')
    if (map.has('when') && map.has('spread')) source.error(map.at('spread'), 'a fault that waits for something begins when it comes: spread does not go with when')
    return spreadMs === 0 ? null : { count: 1, everyMs: 0, spreadMs }
  }
  const count = map.read('repeat', entryFields.repeat)
  const everyMs = map.read('every', entryFields.every)
  if (map.has('when')) source.error(map.at('repeat'), 'a fault that waits for something begins once: repeat does not go with when')
  else if (!map.has('for')) source.error(map.at('for'), 'for is missing: a fault that repeats says how long it lasts', 'for: 2s')
  if (count === undefined || everyMs === undefined) return null
  const lastsMs = (forMs ?? 0) + spreadMs
  if (count > 1 && everyMs < lastsMs) {
    source.error(map.at('every'), `every ${formatDuration(everyMs)} the next one begins, and one may end ${formatDuration(lastsMs)} after its turn (for and spread)`, formatDuration(lastsMs + 1000))
  }
  return { count, everyMs, spreadMs }
}

/** Names that the monkey gives. */
const isMonkeys = (id: string): boolean => id === MONKEY || new RegExp(`^${MONKEY}-\\d+$`).test(id)
