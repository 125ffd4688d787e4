import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawTarget, symbolicView, targetStream } from '@shared/plan/draw'
import { prepareFault, substitute } from '@shared/plan/expand'
import { largestMinority } from '@shared/plan/outage'
import { parsePlan } from '@shared/plan/parse'
import type { FaultBase, FaultSpec, Plan } from '@shared/plan/plan'
import type { DrawnTarget, RoleView } from '@shared/plan/schedule'
import { parseTarget } from '@shared/plan/targets'
import { seededRandom } from '@shared/stats/random'

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`)
const viewOf = (ids: string[], leader: string, down: string[] = []): RoleView => ({ ids, leader, followers: ids.filter((id) => id !== leader), down })

function specOf(text: string, ids: string[], { id = 'f-1', fault = 'partition', ...values }: Record<string, unknown> = {}): FaultSpec {
  const target = parseTarget(text, ids)
  if (!target.ok) throw new Error(target.message)
  const base: FaultBase = { id: String(id), entry: String(id), when: null, phase: 'faults', atMs: 0, forMs: null, target: target.value }
  return { ...base, fault: String(fault), values: { mode: 'stall', shape: 'around', path: 'peer', ...values } }
}

const draw = (spec: FaultSpec, view: RoleView, seed = 1): DrawnTarget => drawTarget(spec, view, seededRandom(seed, targetStream(spec.id)))

const anySeed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const anyCluster = fc.integer({ min: 3, max: 9 }).chain((count) =>
  fc.record({
    ids: fc.constant(idsOf(count)),
    leader: fc.integer({ min: 0, max: count - 1 }).map((index) => `n${index + 1}`),
    down: fc.subarray(idsOf(count), { maxLength: count - 1 }),
  }))
const nodeTargets = ['leader', 'follower', 'any', 'all', 'n2', 'minority', 'majority']
const linkTargets = ['n1->n2', 'n1<->n2', 'leader->*', '*->leader', 'leader<->*', 'n3->*', '*->n3']
const networkTargets = [...nodeTargets.filter((target) => target !== 'all'), ...linkTargets]
const anySpec = fc.oneof(
  fc.record({ fault: fc.constantFrom('crash', 'pause'), text: fc.constantFrom(...nodeTargets) }),
  fc.record({ fault: fc.constant('latency'), latency: fc.constant(20), jitter: fc.constant(5), path: fc.constant('peer'), text: fc.constantFrom(...networkTargets) }),
  fc.record({ fault: fc.constant('partition'), mode: fc.constantFrom('stall', 'drop', 'refuse'), path: fc.constant('peer'), text: fc.constantFrom(...networkTargets) }),
  fc.record({ fault: fc.constant('partition'), mode: fc.constantFrom('stall', 'refuse'), path: fc.constant('client'), text: fc.constantFrom(...nodeTargets) }),
)

describe('a dry run with the roles put in', () => {
  it('has exactly the calls that the run makes, whoever leads and whoever is down', () => {
    fc.assert(
      fc.property(anyCluster, anySpec, anySeed, ({ ids, leader, down }, { text, ...rest }, seed) => {
        const plan: Plan = { ...parsePlan('faultline: 1\ntitle: T').plan!, cluster: { ...parsePlan('faultline: 1\ntitle: T').plan!.cluster, nodes: ids.map((id) => ({ id, priority: 100, learner: false, zone: null, spare: false })) } }
        const spec = specOf(text, ids, rest)
        const dry = prepareFault(spec, plan, seed, symbolicView(ids))
        const run = prepareFault(spec, plan, seed, viewOf(ids, leader, down.filter((id) => id !== leader)))
        expect(substitute(dry.calls, run.drawn.roles)).toEqual(run.calls)
        expect(substitute(dry.undo, run.drawn.roles)).toEqual(run.undo)
        expect(JSON.stringify(run.calls)).not.toMatch(/leader|follower/)
        expect(run.calls.length).toBeGreaterThan(0)
        // every role is one node, and no node has two of them
        expect(new Set(Object.values(run.drawn.roles)).size).toBe(Object.keys(run.drawn.roles).length)
        expect(Object.keys(dry.drawn.roles)).toEqual(Object.keys(run.drawn.roles))
      }),
      { numRuns: 500 },
    )
  })

  it('differs when the roles are not put in, so that the claim above is one', () => {
    const ids = idsOf(5)
    const plan = parsePlan('faultline: 1\ntitle: T').plan!
    const spec = specOf('leader', ids)
    expect(prepareFault(spec, plan, 1, symbolicView(ids)).calls).not.toEqual(prepareFault(spec, plan, 1, viewOf(ids, 'n1')).calls)
  })
})

describe('a draw', () => {
  it('comes from its own stream: equal seeds and ids draw alike', () => {
    const ids = idsOf(7)
    const draws = (seed: number, id: string): string => draw(specOf('minority', ids, { id }), symbolicView(ids), seed).nodes.join()
    expect(draws(5, 'a')).toBe(draws(5, 'a'))
    const seeds = Array.from({ length: 30 }, (_, seed) => draws(seed, 'a'))
    expect(new Set(seeds).size).toBeGreaterThan(3)
    expect(Array.from({ length: 30 }, (_, seed) => draws(seed, 'b'))).not.toEqual(seeds)
  })

  it('of any reaches every node, of follower every node but the leader', () => {
    const ids = idsOf(5)
    const reached = (text: string): string[] => {
      const seen = Array.from({ length: 200 }, (_, seed) => draw(specOf(text, ids, { fault: 'crash' }), viewOf(ids, 'n3'), seed).nodes[0]!)
      return [...new Set(seen)].toSorted()
    }
    expect(reached('any')).toEqual(ids)
    expect(reached('follower')).toEqual(['n1', 'n2', 'n4', 'n5'])
  })

  it('of minority has ⌊(n−1)/2⌋ nodes with the leader among them, and majority has the others', () => {
    fc.assert(fc.property(anyCluster, anySeed, ({ ids, leader }, seed) => {
      const minority = draw(specOf('minority', ids), viewOf(ids, leader), seed).nodes
      const majority = draw(specOf('majority', ids), viewOf(ids, leader), seed).nodes
      expect(minority).toHaveLength(largestMinority(ids.length))
      expect(minority).toContain(leader)
      expect([...minority, ...majority].toSorted()).toEqual(ids)
    }))
  })

  it('of follower passes over a node that is down, and takes none twice', () => {
    fc.assert(fc.property(anyCluster, anySeed, ({ ids, leader, down }, seed) => {
      const held = down.filter((id) => id !== leader)
      const drawn = draw(specOf('follower', ids), viewOf(ids, leader, held), seed)
      const isEveryoneDown = held.length === ids.length - 1
      expect(held.includes(drawn.nodes[0]!)).toBe(isEveryoneDown)
      expect(drawn.nodes[0]).not.toBe(leader)
      // cut off from all others, both ways, each link once
      expect(new Set(drawn.links.map((link) => `${link.from}-${link.to}`)).size).toBe(2 * (ids.length - 1))
    }))
  })

  it('of a node target in the network takes its links to all nodes outside, both ways', () => {
    const ids = idsOf(3)
    expect(draw(specOf('n2', ids), viewOf(ids, 'n1')).links).toEqual([
      { from: 'n2', to: 'n1' }, { from: 'n1', to: 'n2' }, { from: 'n2', to: 'n3' }, { from: 'n3', to: 'n2' },
    ])
    expect(draw(specOf('n2', ids, { path: 'client' }), viewOf(ids, 'n1'))).toMatchObject({ links: [], clients: ['n2'] })
  })

  it.each([
    ['n1->n2', ['n1-n2']],
    ['n1<->n2', ['n1-n2', 'n2-n1']],
    ['leader->*', ['n3-n1', 'n3-n2']],
    ['*->leader', ['n1-n3', 'n2-n3']],
    ['leader<->*', ['n3-n1', 'n1-n3', 'n3-n2', 'n2-n3']],
    ['n1->*', ['n1-n2', 'n1-n3']],
  ])('of links %s, where n3 leads, takes %j', (text, links) => {
    const ids = idsOf(3)
    expect(draw(specOf(text, ids), viewOf(ids, 'n3')).links.map((link) => `${link.from}-${link.to}`)).toEqual(links)
  })
})
