import { describe, expect, it } from 'vitest'
import { worstMoments } from '@shared/plan/blast-radius'
import { drawTarget, symbolicView, targetStream } from '@shared/plan/draw'
import { nodesOut, type ActiveFault } from '@shared/plan/outage'
import { parsePlan } from '@shared/plan/parse'
import type { Plan } from '@shared/plan/plan'
import { seededRandom } from '@shared/stats/random'

const ALLOWED = 'blastRadius: { nodes: 5, allowQuorumLoss: true }\n'
function planOf(entries: string[], head = ALLOWED): Plan {
  const { plan, problems } = parsePlan(`faultline: 1\ntitle: T\n${head}timeline:\n${entries.map((entry, k) => `  - { id: f${k}, ${entry} }\n`).join('')}`)
  if (!plan) throw new Error(JSON.stringify(problems))
  return plan
}
const ids = ['n1', 'n2', 'n3', 'n4', 'n5']

/** The faults of a plan, all active at once, with targets by name. */
function out(...entries: string[]): string[] {
  const active = planOf(entries.map((entry) => `at: 1s, for: 1s, ${entry}`)).timeline.map((fault): ActiveFault => ({
    fault,
    drawn: drawTarget(fault, { ...symbolicView(ids), leader: 'n1', followers: ids.slice(1) }, seededRandom(1, targetStream(fault.id))),
  }))
  return nodesOut(active, ids)
}
const cut = 'fault: partition, mode: stall, target: '

describe('out are', () => {
  it.each<[string, string[], string[]]>([
    ['nobody without a fault', [], []],
    ['nodes crashed or paused', ['fault: crash, target: n2', 'fault: pause, target: n4'], ['n2', 'n4']],
    ['a node that is cut off', [`${cut}n3`], ['n3']],
    ['a node that nobody hears', [`${cut}"leader->*"`], ['n1']],
    ['a node that hears nobody', [`${cut}"*->n2"`], ['n2']],
    ['one end of a link that is cut in one direction', [`${cut}n4->n5`], ['n5']],
    ['one end, whichever the direction', [`${cut}n5->n4`], ['n5']],
    ['one end each of two such links', [`${cut}n1->n2`, `${cut}n3<->n4`], ['n2', 'n4']],
    ['the one end that two cut links share', [`${cut}n5->n2`, `${cut}n3<->n5`], ['n5']],
    ['a node that is down, and not the end of a cut link beside it', ['fault: crash, target: n1', `${cut}n1->n2`], ['n1']],
    ['a node down and another cut off', ['fault: pause, target: n1', `${cut}n2`], ['n1', 'n2']],
    ['nobody with latency', ['fault: latency, latency: 900ms, target: n1'], []],
    ['nobody whose clients are cut off', ['fault: partition, mode: drop, path: client, target: all'], []],
    ['one at a time of those that are restarted in turns', ['fault: rolling-restart, target: all'], ['n1']],
    ['one that is not down already', ['fault: crash, target: n1', 'fault: rolling-restart, target: minority'], ['n1', 'n2']],
    ['that one beside a node that is cut off', [`${cut}n1`, 'fault: rolling-restart, target: all'], ['n1', 'n2']],
    ['all that are restarted and nobody waits for', ['fault: rolling-restart, wait: none, target: minority'], ['n1', 'n3']],
    ['all, where all are crashed', ['fault: crash, target: all'], ids],
  ])('%s', (_claim, faults, expected) => expect(out(...faults)).toEqual(expected))

  it('two nodes, where a majority of five is cut off from the rest', () => expect(out(`${cut}majority`)).toHaveLength(2))
})

describe('at worst are out', () => {
  const worst = (...entries: string[]): number[] => worstMoments(planOf(entries)).map((moment) => moment.out)

  it.each<[string, string[], number[]]>([
    ['leader and follower, crashed at once', ['at: 1s, for: 1s, fault: crash, target: leader', 'at: 1s, for: 1s, fault: crash, target: follower'], [2]],
    ['the second leader too, while the first is down', ['at: 1s, for: 5s, fault: crash, target: leader', 'at: 3s, for: 5s, fault: crash, target: leader'], [1, 2]],
    ['one after the other', ['at: 1s, for: 2s, fault: crash, target: leader', 'at: 3s, for: 2s, fault: crash, target: leader'], [1, 1]],
    ['a minority', ['at: 1s, for: 1s, fault: crash, target: minority'], [2]],
    ['a majority crashed', ['at: 1s, for: 1s, fault: crash, target: majority'], [3]],
    ['a majority cut off: the others', [`at: 1s, for: 1s, ${cut}majority`], [2]],
    ['a node down beside a minority cut off', ['at: 1s, for: 5s, fault: crash, target: any', `at: 2s, for: 2s, ${cut}minority`], [1, 3]],
    ['three cuts that meet nowhere', [`at: 1s, for: 1s, ${cut}leader`, `at: 1s, for: 1s, ${cut}follower`, `at: 1s, for: 1s, ${cut}any`], [3]],
    ['six that are too many to try: the sum', Array.from({ length: 6 }, () => 'at: 1s, for: 1s, fault: pause, target: follower'), [5]],
    ['a node down, and not also the end of its cut link', ['at: 1s, for: 1s, fault: crash, target: n1', `at: 1s, for: 1s, ${cut}n1->n2`], [1]],
    ['slow links', ['at: 1s, fault: latency, latency: 50ms, target: minority'], []],
  ])('%s', (_claim, entries, expected) => expect(worst(...entries)).toEqual(expected))

  it('in no draw of any seed more than the worst that was told', () => {
    const plan = planOf(['at: 1s, for: 5s, fault: crash, target: any', `at: 2s, for: 2s, ${cut}minority`])
    const told = Math.max(...worstMoments(plan).map((moment) => moment.out))
    const seen = Array.from({ length: 200 }, (_, seed) => {
      const view = { ids, leader: ids[seed % 5]!, followers: ids.filter((_id, k) => k !== seed % 5) }
      const active = plan.timeline.map((fault) => ({ fault, drawn: drawTarget(fault, view, seededRandom(seed, targetStream(fault.id))) }))
      return nodesOut(active, ids).length
    })
    expect(Math.max(...seen)).toBe(told)
  })
})

describe('for an expression', () => {
  it.each([
    'followers', '2 of followers', '2 of all', 'n1 or n3', 'not leader', 'leader and not n3', 'leader or 2 of followers', '1 of (followers and zone(b))',
    '1 of (followers and zone(a)), 1 of (followers and zone(b))', 'zone(a)', '1 of zone(a) or 1 of zone(b)', 'all and not n2',
  ])('%s the worst is what some draw comes to, and none exceeds', (target) => {
    const zones = 'cluster: { nodes: [{ id: n1, zone: a }, { id: n2, zone: b }, { id: n3, zone: a }, { id: n4, zone: b }, { id: n5, zone: c }] }\n'
    const plan = planOf([`at: 1s, for: 5s, fault: crash, target: "${target}"`, `at: 2s, for: 2s, ${cut}n1`], `${zones}blastRadius: { allowQuorumLoss: true }\n`)
    const told = Math.max(...worstMoments(plan).map((moment) => moment.out))
    const seen = Array.from({ length: 300 }, (_, seed) => {
      const view = { ids, leader: ids[seed % 5]!, followers: ids.filter((_id, k) => k !== seed % 5) }
      const active = plan.timeline.map((fault) => ({ fault, drawn: drawTarget(fault, view, seededRandom(seed, targetStream(fault.id))) }))
      return active.some(({ drawn }) => drawn.refusal) ? 0 : nodesOut(active, ids).length
    })
    expect(Math.max(...seen)).toBe(told)
  })
})

describe('a plan that allows it', () => {
  it('may take all nodes out', () => {
    expect(planOf(['at: 1s, for: 1s, fault: crash, target: all'], 'blastRadius: { allowQuorumLoss: true }\n').blastRadius).toEqual({ nodes: 5, allowQuorumLoss: true })
  })
})
