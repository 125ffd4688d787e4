/** `monkey`: faults drawn at random, one after the other, from a list with weights. */
import { isSeq, type Node } from 'yaml'
import { choice, duration, integer, type Field, type Reading } from '../field'
import type { PlanMap } from '../map'
import { planPhases } from '../phases'
import type { Monkey, MonkeyFault } from '../plan'
import { openEntry, type Parts, readFault } from './entry'

const HOUR_MS = 3_600_000

const fields = {
  phase: { ...choice({ help: 'the phase that it acts in', options: planPhases }), initial: 'faults' as const },
  gap: span({ help: 'from the end of one fault to the begin of the next, e.g. gap: [5s, 15s]', min: 100, initial: [5000, 15_000] }),
  weight: { ...integer({ help: 'drawn this often among all weights', min: 1, max: 1000 }), initial: 1 },
  for: span({ help: 'how long it lasts, e.g. for: [1s, 3s]', min: 100, initial: [1000, 5000] }),
}

/** @returns null where the plan has none, or nothing of it could be read */
export function readMonkey(plan: PlanMap, parts: Parts): Monkey | null {
  if (!plan.has('monkey')) return null
  const map = plan.map('monkey', { known: ['phase', 'gap', 'faults'] })
  const faults = map.items('faults').flatMap((item): MonkeyFault[] => {
    const opened = openEntry(map, item, ['weight', 'for'])
    if (!opened) return []
    const weight = opened.map.readOr('weight', fields.weight)
    const forMs = opened.map.readOr('for', fields.for)
    const read = readFault(opened.map, opened.fault, parts)
    return read ? [{ weight, forMs, ...read }] : []
  })
  if (faults.length === 0 && !plan.source.isBroken('monkey')) plan.source.error(map.at('faults'), 'faults is missing: what the monkey draws from', 'faults: [{ fault: crash, target: any }]')
  return { phase: map.readOr('phase', fields.phase), gapMs: map.readOr('gap', fields.gap), faults }
}

/** A duration, or the shortest and the longest. */
function span(of: { help: string; min: number; initial: [number, number] }): Field<[number, number]> & { initial: [number, number] } {
  const one = duration({ help: of.help, min: of.min, max: HOUR_MS, usual: 's' })
  return {
    kind: 'text',
    ...of,
    format: ([least, most]) => (least === most ? one.format(least) : `[${one.format(least)}, ${one.format(most)}]`),
    read(node: Node | null): Reading<[number, number]> {
      if (!isSeq(node)) {
        const both = one.read(node)
        return both.ok ? { ok: true, value: [both.value, both.value] } : both
      }
      const [least, most, more] = node.items.map((item) => one.read(item as Node))
      if (!least || !most || more) return { ok: false, message: 'a shortest and a longest duration were expected', suggestion: this.format(of.initial) }
      if (!least.ok) return least
      if (!most.ok) return most
      if (least.value > most.value) return { ok: false, message: `the shortest (${one.format(least.value)}) is more than the longest (${one.format(most.value)})`, suggestion: this.format([most.value, least.value]) }
      return { ok: true, value: [least.value, most.value] }
    },
  }
}
