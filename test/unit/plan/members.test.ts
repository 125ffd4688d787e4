/** Who the members are when a fault begins: what operators' faults before it made of them. */
import { describe, expect, it } from 'vitest'
import { expand, inOrder } from '@shared/plan/expand'
import { parsePlan } from '@shared/plan/parse'
import type { Plan } from '@shared/plan/plan'

function planOf(...faults: string[]): Plan {
  const timeline = faults.map((fault, index) => `  - { id: f${index}, at: ${index}s, for: 500ms, ${fault} }`).join('\n')
  const { plan, problems } = parsePlan(`faultline: 1
title: T
cluster: { nodes: [{ id: a }, { id: b }, { id: c }, { id: d, learner: true }, { id: e, spare: true }, { id: f, spare: true }] }
blastRadius: { nodes: 3, allowQuorumLoss: true }
timeline:
${timeline}
expect: [{ metric: lost_writes, is: "== 0" }]
`)
  if (!plan) throw new Error(JSON.stringify(problems))
  return plan
}

/** Voters, and learners after a bar, as the last fault meets them. */
function met(...faults: string[]): string {
  const plan = planOf(...faults, 'fault: crash, target: leader')
  const { voters, learners } = inOrder(plan, 42).at(-1)!.members
  return `${voters.join('')}|${learners.join('')}`
}

describe('the members that a fault meets', () => {
  it.each<[string, string[]]>([
    ['abc|d', []],
    ['abce|d', ['fault: add-node, target: e']],
    ['abc|de', ['fault: add-node, learner: true, target: e']],
    ['abcd|', ['fault: add-node, target: d']],
    ['ac|d', ['fault: remove-node, target: b']],
    ['abc|', ['fault: remove-node, target: d']],
    ['ace|d', ['fault: replace-node, with: e, target: b']],
    ['bce|d', ['fault: remove-node, target: b', 'fault: add-node, target: b', 'fault: replace-node, with: e, target: a']],
    ['d|', ['fault: force-members, target: d']],
  ])('%s after %j', (members, faults) => expect(met(...faults)).toBe(members))

  it('who left by his role is not known, but how many are left', () => {
    const plan = planOf('fault: remove-node, target: leader', 'fault: add-node, target: a', 'fault: crash, target: follower')
    expect(inOrder(plan, 42)[1]!.members).toMatchObject({ isGuess: true, voters: ['a', 'b'] })
  })

  it('are whom it draws from', () => {
    const hit = (target: string): string[] => expand(planOf('fault: replace-node, with: e, target: b', `fault: crash, target: ${target}`), 42).schedule[1]!.calls.map(({ path }) => path)
    expect(hit('all')).toEqual(['a', 'c', 'd', 'e'])
    expect(hit('"e"')).toEqual(['e'])
    const links = expand(planOf('fault: replace-node, with: e, target: b', 'fault: partition, mode: drop, target: a'), 42).schedule[1]!.calls.map(({ path }) => path)
    expect(links.map((path) => path.split('/')[2]).toSorted()).toEqual(['a-c', 'a-d', 'a-e', 'c-a', 'd-a', 'e-a'])
  })
})

it('nobody is drawn where too few are left', () => {
  const plan = planOf('fault: remove-node, target: b', 'fault: remove-node, target: c', 'fault: crash, target: follower')
  expect(inOrder(plan, 42)[2]!.drawn).toMatchObject({ nodes: [], refusal: '"follower": so many members are not left' })
})
