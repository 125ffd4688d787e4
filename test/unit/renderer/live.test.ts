/** What Live remembers and names. */
import { describe, expect, it } from 'vitest'
import type { LiveFrame } from '@shared/api/live'
import { nextFault } from '../../../src-renderer/screens/live/nextFault'
import { badgesBeside, badgesByNode, linkMarks } from '../../../src-renderer/screens/live/mapFaults'
import { placeNodes, zonePlaces } from '../../../src-renderer/screens/live/mapGeometry'
import { LiveHistory } from '../../../src-renderer/stores/liveHistory'

const frame = (change: Partial<LiveFrame>): LiveFrame => ({
  v: 2, run: 'a', title: '', seq: 0, phase: 'faults', step: '', nowMs: 0, totalMs: 60_000, phases: [], state: 'SERVING', stateForMs: 0,
  leader: { node: 'n1', term: 1 }, nodes: [], links: [], load: { ok: 0, fail: 0, unknown: 0, availability: null, p50: null, p99: null, max: null, n: 0 },
  total: { ok: 0, fail: 0, unknown: 0 }, bins: [], faults: [], log: [], ended: null, ...change,
})
const fault = (id: string, state: LiveFrame['faults'][number]['state'], plannedFromMs: number) => ({
  id, fault: 'crash', family: 'process' as const, at: { nodes: [], links: [], clients: [], groups: [] }, asked: '', label: '', seen: null, size: null,
  targets: ['n1'], state, plannedFromMs, plannedToMs: plannedFromMs + 1, effectiveFromMs: null, effectiveToMs: null,
})

describe('the history of a live run', () => {
  it('draws leadership as stretches without holes, a leaderless one among them', () => {
    const history = new LiveHistory()
    history.add(frame({ nowMs: 0 }), 0)
    history.add(frame({ nowMs: 200 }), 1)
    history.add(frame({ nowMs: 400, leader: null }), 2)
    history.add(frame({ nowMs: 600, leader: { node: 'n2', term: 2 } }), 3)
    expect(history.leadership.map(({ fromMs, toMs, state }) => [fromMs, toMs, state])).toEqual([[0, 400, 'led'], [400, 600, 'none'], [600, 600, 'led']])
  })
  it('begins anew with another run', () => {
    const history = new LiveHistory()
    history.add(frame({ bins: [{ atMs: 0, ok: 1, fail: 0, unknown: 0, p50: 1, p99: 1, max: 1 }], log: [{ atMs: 0, source: 's', text: 't' }] }), 0)
    history.add(frame({ run: 'b' }), 1)
    expect([history.bins.size, history.log.length]).toEqual([0, 0])
  })
  it('times each preflight step until the next one', () => {
    const history = new LiveHistory()
    history.add(frame({ phase: 'preflight', step: 'one' }), 1_000)
    history.add(frame({ phase: 'preflight', step: 'two' }), 1_400)
    history.add(frame({ phase: 'warmup' }), 2_000)
    expect(history.steps.map(({ text, tookMs }) => [text, tookMs])).toEqual([['one', 400], ['two', 600]])
  })
})

describe('the fault that is named', () => {
  it('is the one that acts, else the next to come', () => {
    const planned = [fault('late', 'planned', 9_000), fault('soon', 'planned', 5_000), fault('past', 'gone', 0)]
    expect(nextFault({ faults: planned, nowMs: 1_000 })).toMatchObject({ id: 'soon', inMs: 4_000, isActive: false })
    expect(nextFault({ faults: [...planned, fault('now', 'active', 500)], nowMs: 1_000 })).toMatchObject({ id: 'now', isActive: true })
    expect(nextFault({ faults: [fault('past', 'gone', 0)], nowMs: 1_000 })).toBeNull()
  })
})

describe('the cluster map', () => {
  it('keeps every node and label inside the picture, for three to nine nodes', () => {
    for (let n = 3; n <= 9; n++) {
      const places = placeNodes(Array.from({ length: n }, (_, i) => `n${i}`), { width: 400, height: 440 })
      for (const { x, y, label } of places.values()) {
        expect(Math.min(x - 25, 400 - x - 25, y - 25, 440 - y - 25, label.y - 12, 440 - label.y - 18), `${n} nodes`).toBeGreaterThanOrEqual(0)
      }
    }
  })
})

describe('faults on the map', () => {
  const acting = (change: Partial<LiveFrame['faults'][number]>) => ({ ...fault('f', 'active', 0), ...change })
  const size = { what: 'fsync', asked: 100, seen: 101.3, spread: 0.8, n: 9, unit: 'ms' }
  const at = (change: object) => ({ nodes: [], links: [], clients: [], groups: [], ...change })

  it('stand at the nodes they act in and on, asked beside seen, and are counted when they are many', () => {
    const many = ['a', 'b', 'c'].map((id) => acting({ id, fault: 'disk', label: '100ms', at: at({ nodes: ['n1'] }), size }))
    const badges = badgesByNode([...many, acting({ at: at({ clients: ['n2'] }) }), acting({ state: 'gone', at: at({ nodes: ['n3'] }) })], 'clients')
    expect(badges.get('n1')!.map(({ text }) => text)).toEqual(['disk 100ms', '+2'])
    expect(badges.get('n1')![0]!.title).toContain('asked 100 ms, seen 101.3 ± 0.8 ms')
    expect(badges.get('n2')!.map(({ text }) => text)).toEqual(['clients: crash'])
    expect(badges.has('n3')).toBe(false)
  })

  it('stand on links, or beside the map where they have no place on it', () => {
    const faults = [acting({ fault: 'loss', label: '10%', at: at({ links: [{ from: 'n1', to: 'n2' }] }) }), acting({ id: 'more', fault: 'spike', at: at({ groups: ['web'] }) })]
    expect([...linkMarks(faults)]).toEqual([['n1-n2', 'loss 10%']])
    expect(badgesBeside(faults).map(({ text }) => text)).toEqual(['web: spike'])
  })

  it('a zone is drawn round its own nodes and no others', () => {
    const ids = ['n1', 'n2', 'n3', 'n4']
    const nodes = ids.map((id, i) => ({ id, zone: i < 2 ? 'a' : i === 2 ? 'b' : null, state: 'follower' as const, term: 1, commit: 0, lag: 0, pid: 1 }))
    const zones = zonePlaces(nodes, placeNodes(ids, { width: 400, height: 440 }))
    expect(zones.map(({ title }) => title)).toEqual(['a: n1, n2', 'b: n3'])
    expect(zones.every(({ path }) => !/NaN/.test(path))).toBe(true)
  })
})
