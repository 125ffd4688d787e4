import { describe, expect, it } from 'vitest'
import { parseStart } from '@shared/plan/live-condition'
import type { LiveMetric, StartCondition } from '@shared/plan/plan'
import type { Surroundings } from '../../../src-main/lab/conduct/surroundings'
import { comesTrue } from '../../../src-main/lab/conduct/waiting'

function condition(text: string): StartCondition {
  const read = parseStart(text)
  if (!read.ok) throw new Error(read.message)
  return { ...read.value, withinMs: null } as StartCondition
}

interface At {
  leads?: boolean
  value?: number | null
  halted?: boolean
}

/** A world whose state is told by the clock; it passes only while somebody waits. */
function world(state: (ms: number) => At, electedMs: number[] = []): Surroundings {
  let nowMs = 0
  return {
    read: (_metric: LiveMetric) => state(nowMs).value ?? null,
    hasLeader: () => state(nowMs).leads ?? true,
    electedSince: (ms) => electedMs.some((atMs) => atMs >= ms && atMs <= nowMs),
    nowMs: () => nowMs,
    pause: async (ms) => void (nowMs += ms),
    isHalted: () => state(nowMs).halted ?? false,
  }
}

const begins = async (text: string, around: Surroundings, fromMs = 0, toMs = 10_000) => (await comesTrue(condition(text), fromMs, toMs, around))?.atMs ?? null

describe('a fault that waits', () => {
  it('for a number begins when it has held for its time, without a break', async () => {
    const queue = (ms: number): At => ({ value: (ms >= 1_000 && ms < 1_500) || ms >= 2_000 ? 501 : 500 })
    expect(await begins('queue > 500', world(queue))).toBe(1_000)
    expect(await begins('queue > 500 for 1s', world(queue))).toBe(3_000)
    expect(await begins('queue > 501', world(queue))).toBeNull()
  })

  it('for an election counts those since its phase began, and begins while that leader leads', async () => {
    expect(await begins('leader elected', world(() => ({}), [500]), 1_000)).toBeNull()
    expect(await begins('leader elected', world(() => ({}), [500, 4_000]), 1_000)).toBe(4_000)
    expect(await begins('leader elected', world((ms) => ({ leads: ms >= 5_000 }), [4_000]))).toBe(5_000)
  })

  it('for the loss of a leader has seen one before', async () => {
    expect(await begins('leader lost', world(() => ({ leads: false })))).toBeNull()
    expect(await begins('leader lost', world((ms) => ({ leads: ms > 1_000 && ms < 2_000 })))).toBe(2_000)
  })

  it('gives up when it is too late, and at once when the run is halted', async () => {
    const around = world((ms) => ({ value: 1, halted: ms >= 700 }))
    expect(await begins('queue > 500', around, 0, 500)).toBeNull()
    expect(around.nowMs()).toBe(500)
    expect(await begins('queue > 500', around)).toBeNull()
    expect(around.nowMs()).toBe(700)
  })
})
