import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawTarget, symbolicView, targetStream } from '@shared/plan/draw'
import { prepareFault, substitute } from '@shared/plan/expand'
import { largestMinority } from '@shared/plan/outage'
import { parsePlan } from '@shared/plan/parse'
import type { FaultBase, FaultSpec, Plan, PlanNode } from '@shared/plan/plan'
import type { DrawnTarget, RoleView } from '@shared/plan/schedule'
import { parseTarget } from '@shared/plan/targets'
import { seededRandom } from '@shared/stats/random'

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`)
const viewOf = (ids: string[], leader: string, down: string[] = []): RoleView => ({ ids, leader, followers: ids.filter((id) => id !== leader), down })

/** In zones a, b and c, in turns. */
const nodesOf = (ids: readonly string[]): PlanNode[] =>
  ids.map((id, index) => ({ id, priority: 100, learner: false, zone: 'abc'[index % 3]!, spare: false }))

function specOf(text: string, ids: string[], { id = 'f-1', fault = 'partition', ...values }: Record<string, unknown> = {}): FaultSpec {
  const target = parseTarget(text, nodesOf(ids))
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
const setTargets = [
  'followers', 'voters', 'n1 or n3', '2 of followers', '2 of all', 'not leader', 'zone(b)', '1 of zone(a)', 'leader or 1 of followers', 'leader and not n3',
  '1 of (followers and zone(a))', '1 of (followers and zone(a)), 1 of (followers and zone(b))', 'all and not n2', 'leader and (n1 or zone(b))',
]
const nodeTargets = ['leader', 'follower', 'any', 'all', 'n2', 'minority', 'majority', ...setTargets]
const linkTargets = ['zone(a)->zone(b)', 'zone(b)<->*', 'n1->n2', 'n1<->n2', 'leader->*', '*->leader', 'leader<->*', 'n3->*', '*->n3']
const networkTargets = [...nodeTargets.filter((target) => target !== 'all' && target !== 'voters'), ...linkTargets]
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
        const plan: Plan = { ...parsePlan('faultline: 1\ntitle: T').plan!, cluster: { ...parsePlan('faultline: 1\ntitle: T').plan!.cluster, nodes: nodesOf(ids) } }
        const spec = specOf(text, ids, rest)
        const dry = prepareFault(spec, plan, seed, symbolicView(ids))
        const run = prepareFault(spec, plan, seed, viewOf(ids, leader, down.filter((id) => id !== leader)))
        if (run.drawn.refusal !== undefined) return // nothing is called then
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

describe('an expression', () => {
  const IDS = idsOf(6) // zones: a = n1 n4, b = n2 n5, c = n3 n6
  const named = (text: string, leader: string, seed = 1, down: string[] = []): string[] => draw(specOf(text, IDS, { fault: 'crash' }), viewOf(IDS, leader, down), seed).nodes.toSorted()

  it.each<[string, string, string[]]>([
    ['n1, n2', 'n1', ['n1', 'n2']],
    ['n1 or n2', 'n6', ['n1', 'n2']],
    ['followers', 'n3', ['n1', 'n2', 'n4', 'n5', 'n6']],
    ['not leader', 'n3', ['n1', 'n2', 'n4', 'n5', 'n6']],
    ['zone(b)', 'n1', ['n2', 'n5']],
    ['zone(a) or zone(b)', 'n1', ['n1', 'n2', 'n4', 'n5']],
    ['all and not zone(c)', 'n1', ['n1', 'n2', 'n4', 'n5']],
    ['not (zone(a) or n2)', 'n1', ['n3', 'n5', 'n6']],
    ['leader and not n3', 'n4', ['n4']],
    ['leader and zone(b)', 'n5', ['n5']],
  ])('%s, where %s leads, is %j', (text, leader, nodes) => expect(named(text, leader)).toEqual(nodes))

  it('draws so many, only from those that match, and never twice', () => {
    const anyLeader = fc.constantFrom(...IDS)
    fc.assert(fc.property(anyLeader, anySeed, (leader, seed) => {
      const two = named('2 of followers', leader, seed)
      expect(new Set(two).size).toBe(2)
      expect(two).not.toContain(leader)
      expect(named('leader or 2 of followers', leader, seed)).toHaveLength(3)
      expect(named('leader or 2 of followers', leader, seed)).toContain(leader)
      const inB = named('1 of (followers and zone(b))', leader, seed)
      expect(['n2', 'n5'].filter((id) => id !== leader)).toContain(inB[0])
      const [b, c] = named('1 of (followers and zone(b)), 1 of (followers and zone(c))', leader, seed).map((id) => (['n2', 'n5'].includes(id) ? 'b' : 'c')).toSorted()
      expect([b, c]).toEqual(['b', 'c'])
    }))
  })

  it('passes over who is down, as long as another one matches', () => {
    for (let seed = 0; seed < 30; seed++) {
      expect(named('1 of (followers and zone(b))', 'n1', seed, ['n2'])).toEqual(['n5'])
      expect(named('1 of (followers and zone(b))', 'n5', seed, ['n2'])).toEqual(['n2'])
      expect(named('2 of followers', 'n1', seed, ['n2', 'n3', 'n4'])).toEqual(['n5', 'n6'])
    }
  })

  it('that is nobody now says so, and names no one', () => {
    const refusal = (text: string, leader: string): string | undefined => draw(specOf(text, IDS, { fault: 'crash' }), viewOf(IDS, leader)).refusal
    expect(refusal('leader and not n3', 'n3')).toContain('n3 leads')
    expect(refusal('leader and not n3', 'n2')).toBeUndefined()
    expect(refusal('2 of (followers and zone(b))', 'n2')).toContain('so many are not there')
    expect(refusal('2 of (followers and zone(b))', 'n1')).toBeUndefined()
  })

  it('of links between zones is each link between their nodes', () => {
    const links = (text: string): string[] => draw(specOf(text, IDS), viewOf(IDS, 'n1')).links.map(({ from, to }) => `${from}-${to}`).toSorted()
    expect(links('zone(a)->zone(b)')).toEqual(['n1-n2', 'n1-n5', 'n4-n2', 'n4-n5'])
    expect(links('zone(a)<->n2')).toEqual(['n1-n2', 'n2-n1', 'n2-n4', 'n4-n2'])
    expect(links('zone(a)->*')).toHaveLength(8)
  })
})
