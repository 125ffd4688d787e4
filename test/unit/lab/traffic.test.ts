/** What of the traffic counts as seen: readings as a load generator would report them, put in by hand. */
import { describe, expect, it } from 'vitest'
import { parsePlan } from '@shared/plan/parse'
import { observerOf } from '../../../src-main/lab/faults'
import type { Observation } from '../../../src-main/lab/faults/fault'
import { Traffic } from '../../../src-main/lab/faults/traffic'
import type { GroupReading } from '../../../src-main/workload/child'

const { plan } = parsePlan('faultline: 1\ntitle: T\nload: { name: web, rate: 20/s, keys: 10 }\nexpect: [{ metric: lost_writes, is: "== 0" }]\n')

const START_NS = 5e9

/** One reading every 200 ms since load start; each says what was since the one before. */
class Load {
  readonly traffic = new Traffic(plan!.loads)
  private atNs = 0
  private reading: GroupReading = { name: 'web', inFlight: 0, waiting: 0, pool: null, inUseMax: 0, waited: 0, intended: 0, toFirstKey: 0, values: 0, valueBytes: 0 }

  constructor() {
    this.traffic.hear({ atNs: 0, groups: [this.reading] }, START_NS)
  }

  add(times: number, since: Partial<GroupReading>): this {
    for (let i = 0; i < times; i++) {
      const { reading } = this
      const sum = (key: 'intended' | 'toFirstKey' | 'values' | 'valueBytes' | 'waited'): number => reading[key] + (since[key] ?? 0)
      const counts = { intended: sum('intended'), toFirstKey: sum('toFirstKey'), values: sum('values'), valueBytes: sum('valueBytes'), waited: sum('waited') }
      this.reading = { ...reading, ...since, ...counts }
      this.atNs += 2e8
      this.traffic.hear({ atNs: this.atNs, groups: [this.reading] }, START_NS)
    }
    return this
  }

  /** Of a fault that was acknowledged at this moment of the load and lasts four seconds. */
  seen(kind: string, values: Record<string, number>, acknowledgedMs = 0) {
    const acknowledgedNs = START_NS + acknowledgedMs * 1e6
    const drawn = { nodes: [], links: [], clients: [], groups: ['web'], roles: {} }
    const observation = { traffic: this.traffic, values, drawn, acknowledgedNs, untilNs: acknowledgedNs + 4e9 } as unknown as Observation
    const { isThere, isGone, size } = observerOf(kind)
    return { there: isThere(observation), gone: isGone(observation), size: size!(observation) }
  }
}

describe('a spike', () => {
  it('is seen once chance would not ask as much, and not before', () => {
    const values = { rate: 40 }
    expect(new Load().add(5, { intended: 8 }).seen('spike', values).there).toBeNull()
    expect(new Load().add(8, { intended: 8 }).seen('spike', values)).toMatchObject({ there: 'web: 40.0 /s', gone: null })
    expect(new Load().add(8, { intended: 4 }).seen('spike', values)).toMatchObject({ there: null, gone: 'web: 20.0 /s' })
  })

  it('has the size of what was between readings that lie wholly within it', () => {
    const load = new Load().add(5, { intended: 4 }).add(10, { intended: 8 })
    expect(load.seen('spike', { rate: 40 }, 900).size).toMatchObject({ asked: 40, seen: 40, spread: 0, n: 10 })
    expect(load.seen('spike', { rate: 40 }, 800).size!.seen).toBeLessThan(40)
  })

  it('is gone when nothing is asked any more', () => {
    const load = new Load()
    load.traffic.isOver = true
    expect(load.seen('spike', { rate: 40 }).gone).toBe('nothing is asked any more')
  })
})

it('a ramp is seen on its way, and its size is carried on to its end', () => {
  const load = new Load()
  // from 20/s to 420/s in 4 s: in the middle of the k-th fifth of a second 20 + 10·(2k + 1)
  for (let k = 0; k < 20; k++) load.add(1, { intended: (20 + 10 * (2 * k + 1)) / 5 })
  expect(load.seen('ramp', { to: 420 }).there).toMatch(/^web: 20 → 37\d \/s$/)
  const { size } = load.seen('ramp', { to: 420 })
  expect(size).toMatchObject({ asked: 420, n: 10 })
  expect(size!.seen).toBeCloseTo(420, 6)
  expect(new Load().add(20, { intended: 4 }).seen('ramp', { to: 420 }).there).toBeNull()
})

it('a hot key has its share of the requests, and a tenth of them as one of ten', () => {
  expect(new Load().add(20, { intended: 20, toFirstKey: 16 }).seen('hot-key', { share: 0.8 })).toMatchObject({ there: 'web: 80.0 %', gone: null, size: { asked: 80, seen: 80 } })
  expect(new Load().add(20, { intended: 20, toFirstKey: 2 }).seen('hot-key', { share: 0.8 })).toMatchObject({ there: null, gone: 'web: 10.0 %' })
})

it('large values are seen once one is written', () => {
  expect(new Load().add(3, { intended: 4 }).seen('large-values', { size: 64_000 })).toMatchObject({ there: null, gone: null, size: null })
  expect(new Load().add(1, { values: 2, valueBytes: 128_000 }).seen('large-values', { size: 64_000 })).toMatchObject({ there: 'web: 64.0 KB', size: { asked: 64, seen: 64 } })
})

it('few connections are seen only where somebody waits for one of them', () => {
  const idle = new Load().add(5, { pool: 2, inUseMax: 1 })
  expect(idle.seen('pool', { size: 2 })).toMatchObject({ there: null, gone: null, size: null })
  const pinned = new Load().add(5, { pool: 2, inUseMax: 2, waited: 3 })
  expect(pinned.seen('pool', { size: 2 })).toMatchObject({ there: 'web: 3 requests waited for one of 2 connections', gone: null, size: { asked: 2, seen: 2 } })
  expect(pinned.add(1, { pool: null, inUseMax: 7 }).seen('pool', { size: 2 }, 1000).gone).toBe('web: up to 7 connections to a node')
})
