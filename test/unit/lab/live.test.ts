import { beforeEach, describe, expect, it } from 'vitest'
import { liveFrame } from '@shared/api/live'
import { parsePlan } from '@shared/plan/parse'
import { phaseTimes } from '@shared/plan/phases'
import type { NodeSample, Role } from '@shared/run/event'
import { freshNode, type NodeProcess } from '../../../src-main/lab/cluster/node-process'
import { type LiveSource, LiveView } from '../../../src-main/lab/conduct/live'
import type { Lease } from '../../../src-main/lab/faults/lease'
import { LoadWindow } from '../../../src-main/lab/conduct/window'

const { plan } = parsePlan('faultline: 1\ntitle: live\ncluster: { nodes: 3 }\n')
const MS = 1e6

let source: LiveSource
let view: LiveView
beforeEach(() => {
  source = {
    run: 'r', plan: plan!, phases: phaseTimes(plan!), phase: 'faults', step: '', leases: [], load: new LoadWindow(), loadStartNs: 0,
    nodes: ['n1', 'n2', 'n3'].map((id) => ({ ...freshNode(id, { http: 1, peer: 2, client: 3 }, true), state: 'running' as const })),
  }
  view = new LiveView(source)
})

const node = (id: string): NodeProcess => source.nodes.find((candidate) => candidate.id === id)!
const is = (id: string, role: Role, term: number, lastAckNs: number | null = null): void => void Object.assign(node(id), { role, term, lastAckNs })
const sampled = (id: string, atNs: number, commit: number): void => void (node(id).sample = { atNs, commit, links: [] as NodeSample['links'] } as NodeSample)
const stateOf = (id: string, nowNs: number): string => view.frame(nowNs).nodes.find((candidate) => candidate.id === id)!.state

describe('a live frame', () => {
  it('keeps to its schema', () => {
    expect(liveFrame.safeParse(view.frame(0)).error).toBeUndefined()
  })

  it('never shows two current leaders: the older term is stale', () => {
    is('n1', 'leader', 1, 100 * MS)
    is('n2', 'leader', 2, 100 * MS)
    const frame = view.frame(100 * MS)
    expect(frame.nodes.map(({ state }) => state)).toEqual(['stale-leader', 'leader', 'follower'])
    expect(frame.leader).toEqual({ node: 'n2', term: 2 })
  })

  it('names no leader once no quorum has acknowledged it for the shortest election timeout', () => {
    is('n1', 'leader', 1, 0)
    expect(view.frame(150 * MS)).toMatchObject({ state: 'SERVING', leader: { node: 'n1' } })
    expect(view.frame(151 * MS)).toMatchObject({ state: 'NO LEADER', leader: null })
  })

  it('waits as long as the timeouts say that adaptive timers have come to', () => {
    is('n1', 'leader', 1, 0)
    for (const id of ['n1', 'n2', 'n3']) node(id).timeoutMs = 400
    expect(view.frame(400 * MS)).toMatchObject({ leader: { node: 'n1' } })
    expect(view.frame(401 * MS)).toMatchObject({ leader: null })
    node('n3').timeoutMs = 100
    expect(view.frame(101 * MS)).toMatchObject({ leader: null })
  })

  it('says NO QUORUM when too few processes run', () => {
    is('n1', 'leader', 1, 0)
    node('n2').state = 'down'
    expect(view.frame(0).state).toBe('SERVING')
    node('n3').state = 'paused'
    expect(view.frame(0).state).toBe('NO QUORUM')
    expect([stateOf('n2', 0), stateOf('n3', 0)]).toEqual(['down', 'paused'])
  })

  it('tells a lag by what was known when the node reported, not by reports of different moments', () => {
    sampled('n1', 100 * MS, 50)
    sampled('n2', 110 * MS, 50)
    view.frame(120 * MS)
    sampled('n1', 300 * MS, 90) // n2 has not reported since
    const lags = view.frame(320 * MS).nodes.map(({ lag }) => lag)
    expect(lags).toEqual([0, 0, 0])
    sampled('n2', 310 * MS, 60)
    expect(view.frame(330 * MS).nodes[1]!.lag).toBe(30)
  })

  it('counts what is in flight for long against availability at once', () => {
    const ok = { outcome: 'ok', censored: false, settled_ns: 2 * MS, intended_ns: 0 } as never
    source.load.add([ok, ok], { inFlight: 0, overdue: 0 })
    expect(view.frame(0).load.availability).toBe(1)
    source.load.add([], { inFlight: 6, overdue: 6 })
    expect(view.frame(0)).toMatchObject({ load: { availability: 0.25 } })
  })

  it('says of each fault where it acts, what was asked and what is seen', () => {
    const size = { what: 'delay one way', asked: 100, seen: 101.3, spread: 0.8, n: 20, unit: 'ms' }
    const lease = (id: string, fault: string, values: object, drawn: object, more: object = {}): LiveSource['leases'][number] => ({
      lease: { spec: { id, fault, values }, targets: [], state: 'active', drawn: { nodes: [], links: [], clients: [], groups: [], ...drawn }, effectiveNs: 1, goneNs: null, seen: null, sizeSoFar: () => null, ...more } as unknown as Lease,
      fromMs: 0, toMs: 1_000,
    })
    const link = { from: 'n1', to: 'n2' }
    source.plan = { ...plan!, cluster: { ...plan!.cluster, nodes: plan!.cluster.nodes.map((one) => ({ ...one, zone: one.id === 'n3' ? 'far' : null })) } }
    source.leases = [
      lease('slow', 'latency', { latency: 100, jitter: 0, path: 'peer' }, { nodes: ['n1'], links: [link] }, { seen: 'round trip 201 ms', sizeSoFar: () => size }),
      lease('gone', 'crash', { restart: null }, { nodes: ['n3'] }),
    ]
    const frame = view.frame(0)
    expect(liveFrame.safeParse(frame).error).toBeUndefined()
    expect(frame.faults).toMatchObject([
      { family: 'network', at: { nodes: [], links: [link] }, asked: 'latency 100ms', label: '100ms', seen: 'round trip 201 ms', size },
      { family: 'process', at: { nodes: ['n3'], links: [] }, asked: '', label: '', seen: null, size: null },
    ])
    expect(frame.links.find(({ from, to }) => from === 'n1' && to === 'n2')).toMatchObject({ state: 'slow', delayMs: 100 })
    expect(frame.nodes.map(({ zone }) => zone)).toEqual([null, null, 'far'])
  })
})
