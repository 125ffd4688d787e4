/** A fault that waits for a condition: looked at often, from the begin of its phase on, until it comes true or is too late. */
import type { StartCondition } from '@shared/plan/plan'
import { compares, Holding } from './holding'
import type { Surroundings } from './surroundings'

const LOOK_EVERY_MS = 50

/**
 * @param fromMs begin of the phase, since load start; what happened before it does not count
 * @param toMs when it is too late
 * @returns when it came true, ms since load start, and what was seen; null = it did not, or the run was halted
 */
export async function comesTrue(condition: StartCondition, fromMs: number, toMs: number, around: Surroundings): Promise<{ atMs: number; seen: string } | null> {
  const holding = new Holding(condition.forMs)
  const look = lookFor(condition, fromMs, around)
  while (!around.isHalted()) {
    const atMs = around.nowMs()
    if (atMs >= toMs) return null
    const { isTrue, seen } = look()
    if (holding.look(atMs, isTrue)) return { atMs, seen }
    await around.pause(Math.min(LOOK_EVERY_MS, toMs - atMs))
  }
  return null
}

type Look = () => { isTrue: boolean | null; seen: string }

function lookFor(condition: StartCondition, fromMs: number, around: Surroundings): Look {
  switch (condition.kind) {
    case 'leader elected':
      return () => ({ isTrue: around.hasLeader() && around.electedSince(fromMs), seen: 'a new leader was elected' })
    case 'leader lost': {
      let hadLeader = false
      return () => {
        const hasLeader = around.hasLeader()
        hadLeader ||= hasLeader
        return { isTrue: hadLeader && !hasLeader, seen: 'no node leads any more' }
      }
    }
    case 'metric':
      return () => {
        const value = around.read(condition.metric)
        const isTrue = value === null ? null : compares(value, condition.comparison, condition.value)
        return { isTrue, seen: `${condition.metric} was ${value === null ? 'unknown' : Number(value.toPrecision(4))}` }
      }
  }
}
