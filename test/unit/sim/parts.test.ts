/** The simulator's own parts: what the worlds rely on. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../../src-main/raft/types'
import { Agenda } from '../../../src-main/sim/agenda'
import { SimDisk } from '../../../src-main/sim/disk'
import { judgeHistory } from '../../../src-main/sim/judge-history'
import { planOf } from '../../../src-main/sim/plan'
import { shrink } from '../../../src-main/sim/shrink'
import { addTally, addWorld, emptyTally } from '../../../src-main/sim/tally'
import { runWorld, type WorldResult } from '../../../src-main/sim/world'

const entry = (index: number, term = 1): Entry => ({ index, term, type: 'command', data: new Uint8Array([index & 255, term]) })

/** A disk on which `batches` entries were synced one by one, and one more is on its way. */
function diskWith(batches: number): SimDisk {
  const disk = new SimDisk('n1')
  const write = (index: number): void => {
    disk.queue({ persist: { seq: index, hardState: { term: 1, vote: 'n1' }, entries: [entry(index)], restored: null }, send: [] })
    disk.beginSync()
  }
  for (let index = 1; index <= batches; index++) {
    write(index)
    disk.endSync(() => undefined)
  }
  write(batches + 1)
  return disk
}

describe('the agenda', () => {
  it('runs everything in order of time, and equal times in order of arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (times) => {
        const agenda = new Agenda()
        const ran: [number, number][] = []
        times.forEach((atMs, order) => agenda.at(atMs, () => ran.push([atMs, order])))
        agenda.runUntil(20)
        expect(ran).toEqual([...ran].sort(([a, i], [b, j]) => a - b || i - j))
        expect(ran).toHaveLength(times.length)
      }),
    )
  })
})

describe('the agenda, once it is past a moment', () => {
  it('does not go back to it', () => {
    const agenda = new Agenda()
    agenda.runUntil(20)
    agenda.runUntil(10)
    expect(agenda.nowMs).toBe(20)
  })
})

describe('the disk', () => {
  it('keeps what was synced through a crash at any byte of the next batch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (batches, draw) => {
        const disk = diskWith(batches)
        const { lost } = disk.crash(() => draw)
        expect(disk.durable.last).toBe(lost > 0 ? batches : batches + 1)
      }),
    )
  })

  it('never takes a flipped bit before the last batch for a torn tail', () => {
    for (let draw = 0; draw < 1; draw += 0.003) expect(diskWith(4).flipBit(() => draw)).toBe(true)
    expect(diskWith(1).flipBit(() => 0.5)).toBe(false)
  })
})

describe('a tally', () => {
  it('is the same however the seeds were spread', () => {
    const worlds = [1, 2, 3].map((seed) => runWorld(planOf(seed, { faults: 'none', nodes: 3 }), judgeHistory))
    const [together, first, rest] = [emptyTally(), emptyTally(), emptyTally()]
    for (const world of worlds) addWorld(together, world)
    addWorld(first, worlds[0]!)
    addWorld(rest, worlds[2]!)
    addWorld(rest, worlds[1]!)
    addTally(rest, first)
    expect(rest).toEqual(together)
  })
})

describe('the shortest replay', () => {
  const plan = planOf(7, { faults: 'all', nodes: null })
  const failure = { kind: 'safety' as const, invariant: 'x', detail: '', step: 1, atMs: 60_000 }

  it('keeps exactly the happenings that the failure needs', () => {
    const needed = [plan.timeline[1]!.id, plan.timeline.at(-2)!.id]
    const shrunk = shrink(plan, failure, ({ timeline }) => {
      const isFailing = needed.every((id) => timeline.some((happening) => happening.id === id))
      return { failure: isFailing ? failure : null } as WorldResult
    })
    expect(shrunk.plan.timeline.map(({ id }) => id)).toEqual(needed)
  })

  it('does not take another rule for the same failure', () => {
    const shrunk = shrink(plan, failure, () => ({ failure: { ...failure, invariant: 'y' } }) as WorldResult)
    expect(shrunk.plan.timeline).toEqual(plan.timeline)
  })
})
