/** What operators' faults call, in the dry run, and with the recorded roles put in. */
import { describe, expect, it } from 'vitest'
import { expand, prepareFault, substitute } from '@shared/plan/expand'
import { parsePlan } from '@shared/plan/parse'
import type { Plan } from '@shared/plan/plan'

function planOf(entry: string): Plan {
  const { plan, problems } = parsePlan(`faultline: 1
title: T
cluster: { nodes: [{ id: n1 }, { id: n2 }, { id: n3 }, { id: n4 }, { id: n5, spare: true }] }
blastRadius: { nodes: 4, allowQuorumLoss: true }
timeline:
  - { id: op, at: 2s, for: 5s, ${entry} }
expect: [{ metric: lost_writes, is: "== 0" }]
`)
  if (!plan) throw new Error(JSON.stringify(problems))
  return plan
}

const add = (node: string, more: object = {}) => ({ verb: 'members', add: node, learner: false, force: false, atOnce: false, ...more })
const remove = (node: string) => ({ verb: 'members', remove: node, force: false })

describe('the calls of', () => {
  it.each<[string, unknown[][]]>([
    ['fault: transfer, target: leader', [['ADMIN', 'leader', { verb: 'transfer', to: null }]]],
    ['fault: transfer, to: n3, target: leader', [['ADMIN', 'leader', { verb: 'transfer', to: 'n3' }]]],
    ['fault: snapshot, target: n2', [['ADMIN', 'n2', { verb: 'snapshot' }]]],
    ['fault: add-node, target: n5', [['START', 'n5', null], ['ADMIN', 'leader', add('n5')], ['AWAIT', 'n5', 'voter']]],
    ['fault: add-node, learner: true, target: n5', [['START', 'n5', null], ['ADMIN', 'leader', add('n5', { learner: true })], ['AWAIT', 'n5', 'learner']]],
    ['fault: add-node, force: true, start: false, target: n5', [['ADMIN', 'leader', add('n5', { force: true, atOnce: true })], ['AWAIT', 'n5', 'voter']]],
    ['fault: remove-node, target: leader', [['ADMIN', 'leader', remove('leader')], ['AWAIT', 'leader', 'outside'], ['STOP', 'leader', null]]],
    [
      'fault: replace-node, with: n5, target: n1',
      [['START', 'n5', null], ['ADMIN', 'leader', add('n5')], ['AWAIT', 'n5', 'voter'], ['ADMIN', 'leader', remove('n1')], ['AWAIT', 'n1', 'outside'], ['STOP', 'n1', null]],
    ],
    ['fault: force-members, target: n4', [['STOP', 'n4', null], ['START', 'n4', { id: 'op', voters: ['n4'] }]]],
  ])('%s', (entry, calls) => {
    const fault = expand(planOf(entry), 42).schedule[0]!
    expect(fault.calls.map(({ method, path, body }) => [method, path, body])).toEqual(calls)
    // what an operator did stays; only nodes that were stopped are started again
    expect(fault.undo.every(({ method, body }) => method === 'START' && body === null)).toBe(true)
  })
})

it.each(['transfer, target: leader', 'remove-node, target: leader', 'remove-node, target: follower', 'add-node, target: n5', 'force-members, target: minority', 'replace-node, with: n5, target: leader'])(
  '%s: the dry run with the recorded roles put in is what a run calls, also in the orders',
  (entry) => {
    const plan = planOf(`fault: ${entry}`)
    const dry = expand(plan, 42).schedule[0]!
    for (const leader of ['n1', 'n2', 'n3']) {
      const ids = ['n1', 'n2', 'n3', 'n4']
      const { drawn, calls } = prepareFault(plan.timeline[0]!, plan, 42, { ids, leader, followers: ids.filter((id) => id !== leader) })
      expect(substitute(dry.calls, drawn.roles)).toEqual(calls)
    }
  },
)
