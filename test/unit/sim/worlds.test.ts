/** Whole clusters in virtual time: worlds hold every invariant, meet what a world owes, and come out the same twice. */
import { describe, expect, it } from 'vitest'
import { COVERED, type Covered } from '../../../src-main/sim/coverage'
import { judgeHistory } from '../../../src-main/sim/judge-history'
import { planOf } from '../../../src-main/sim/plan'
import { runWorld, type WorldResult } from '../../../src-main/sim/world'

const SEEDS = 25

function worldOf(seed: number, faults: 'all' | 'none' = 'all', nodes: number | null = null): WorldResult {
  return runWorld(planOf(seed, { faults, nodes }), judgeHistory)
}

/** What every single world under faults owes. */
const OWED: readonly Covered[] = [
  '60 s of virtual time',
  '200 client operations',
  'crash that lost unsynced data',
  'two network faults',
  'leader elected',
  'write acknowledged',
  'read served',
]

describe('worlds under faults', () => {
  it(`hold every invariant and converge, seeds 1…${SEEDS}, and each meets what it owes`, { timeout: 60_000 }, () => {
    const met = new Set<Covered>()
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = worldOf(seed)
      expect(world.failure, `seed ${seed}`).toBeNull()
      for (const event of OWED) expect(world.covered, `seed ${seed}`).toContain(event)
      for (const event of world.covered) met.add(event)
    }
    const faults: Covered[] = ['crash between snapshot and log cut', 'torn write cut', 'disk full', 'node paused', 'one-way partition', 'path clogged', 'message replayed']
    const answers: Covered[] = ['snapshot installed', 'membership change finished', 'timeout adapted', 'repeat answered from the session']
    for (const event of [...faults, ...answers]) expect(met).toContain(event)
  })

  it('go on until they have met what they owe: clients that got no answers for most of it are asked after the heal', () => {
    const slow = planOf(6, { faults: 'all', nodes: null })
    const clients = slow.clients.slice(0, 1).map((client) => ({ ...client, thinkMs: 900, burst: 0 }))
    const world = runWorld({ ...slow, clients }, judgeHistory)
    expect(world.failure).toBeNull()
    expect(world.operations).toBeGreaterThanOrEqual(200)
    expect(world.virtualMs).toBeGreaterThan(60_000)
  })

  it('one seed is one history, to the last bit', () => {
    const [first, again, other] = [worldOf(3), worldOf(3), worldOf(4)]
    expect(again).toEqual(first)
    expect(other.digest).not.toEqual(first.digest)
  })

  it('take the number of voters that is asked for', () => {
    expect(planOf(1, { faults: 'all', nodes: 5 }).voters).toBe(5)
    expect(worldOf(1, 'all', 5).failure).toBeNull()
  })

  it('report a history that no order explains as a safety failure', () => {
    const { failure } = runWorld(planOf(2, { faults: 'none', nodes: 3 }), () => ({ verdict: 'violated', key: 'k1' }))
    expect(failure).toMatchObject({ kind: 'safety', invariant: 'linearizable' })
  })
})

describe('worlds without faults', () => {
  it('elect once, lose nothing, and meet no fault', () => {
    const world = worldOf(1, 'none')
    expect(world.failure).toBeNull()
    expect(world.covered).toContain('200 client operations')
    for (const event of ['crash', 'partition', 'message lost', 'write of unknown fate'] as const) expect(world.covered).not.toContain(event)
  })
})

it('coverage names each event once', () => {
  expect(new Set(COVERED).size).toBe(COVERED.length)
})
