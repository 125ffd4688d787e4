/** `cluster.raft.timers`: the word `fixed`, or a map with the one strategy that acts and its bounds. */
import { isMap } from 'yaml'
import type { TimerSettings } from '../../raft'
import { described, duration } from '../field'
import type { PlanMap } from '../map'
import { nearestWord } from '../nearest'
import { writtenText } from '../source'

const bound = (help: string, initial: number) => ({ ...duration({ help, min: 10, max: 600_000 }), initial })

const fields = {
  maxProbe: bound('longest pause between heartbeats to a silent peer', 1000),
  floor: bound('no shortest election timeout is below this', 100),
  ceiling: bound('no longest election timeout is above this', 1000),
}

/** What to write for each, with its default bounds. */
const written: Record<TimerSettings['kind'], string> = {
  fixed: 'fixed',
  backoff: '{ backoff: { maxProbe: 1s } }',
  adaptive: '{ adaptive: { floor: 100ms, ceiling: 1s } }',
}
const strategies = ['backoff', 'adaptive'] as const

export function readTimers(raft: PlanMap): TimerSettings {
  const fixed = { kind: 'fixed' } as const
  const node = raft.node('timers')
  if (!raft.has('timers') || writtenText(node) === 'fixed') return fixed
  if (!isMap(node)) {
    const kinds = Object.keys(written) as (keyof typeof written)[]
    const word = writtenText(node)?.toLowerCase() ?? ''
    const kind = kinds.find((known) => known === word || known === nearestWord(word, kinds))
    const message = `${described(node)} where fixed, ${written.backoff} or ${written.adaptive} was expected`
    raft.source.error(raft.at('timers'), message, kind === undefined ? null : written[kind], node)
    return fixed
  }
  const timers = raft.map('timers', { known: strategies })
  const [kind, ...others] = strategies.filter((strategy) => timers.has(strategy))
  if (kind === undefined || others.length > 0) {
    const message = kind === undefined ? 'no strategy is named' : 'one strategy at a time'
    if (!raft.source.isBroken(timers.path)) raft.source.error(timers.path, `${message}: ${strategies.join(' or ')}`, written[kind ?? 'backoff'], node)
    return fixed
  }
  return kind === 'backoff' ? readBackoff(timers) : readAdaptive(timers)
}

function readBackoff(timers: PlanMap): TimerSettings {
  const backoff = timers.map('backoff', { known: ['maxProbe'] })
  return { kind: 'backoff', maxProbeMs: backoff.readOr('maxProbe', fields.maxProbe) }
}

function readAdaptive(timers: PlanMap): TimerSettings {
  const adaptive = timers.map('adaptive', { known: ['floor', 'ceiling'] })
  return { kind: 'adaptive', floorMs: adaptive.readOr('floor', fields.floor), ceilingMs: adaptive.readOr('ceiling', fields.ceiling) }
}
