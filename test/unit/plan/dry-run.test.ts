/** The dry run against the run, for every fault of the list with parameters from all over their bounds. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand, prepareFault, substitute } from '@shared/plan/expand'
import { faultKinds } from '@shared/plan/faults'
import type { Fault } from '@shared/plan/faults/fault'
import type { Field } from '@shared/plan/field'
import { parsePlan } from '@shared/plan/parse'
import type { Plan } from '@shared/plan/plan'
import type { RoleView } from '@shared/plan/schedule'

const IDS = ['n1', 'n2', 'n3', 'n4', 'n5']
const SETS = ['2 of followers', 'leader or 1 of followers', 'leader and not n3', 'not leader']
const TARGETS = [...SETS, 'leader', 'follower', 'any', 'n2', 'n6', 'minority', 'majority', 'all', 'n1->n2', 'n3<->n4', 'leader->*', '*->leader', 'client', null]

function anyValue(field: Field<unknown>): fc.Arbitrary<string | null> {
  const { min = 0, max = 1, options } = field
  const written = (values: fc.Arbitrary<unknown>): fc.Arbitrary<string> => values.map((value) => field.format(value))
  switch (field.kind) {
    case 'choice':
      return fc.constantFrom(...options!)
    case 'flag':
      return written(fc.boolean())
    case 'text':
      return fc.constantFrom(null, ...IDS, 'n6', ...IDS.map((id) => `[${id}]`))
    case 'percentage':
      return written(fc.integer({ min: Math.ceil(min * 100), max: Math.floor(max * 100) }).map((percent) => percent / 100))
    default:
      return written(fc.oneof(fc.constantFrom(min, max), fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, Math.max(min, 1) * 1000)) })))
  }
}

/** A plan with this one fault, written as a person would; where the language refuses it there is nothing to compare. */
function anyPlan(fault: Fault): fc.Arbitrary<Plan | null> {
  const names = Object.keys(fault.parameters)
  return fc.tuple(fc.constantFrom(...TARGETS), ...names.map((name) => fc.option(anyValue(fault.parameters[name]!), { freq: 4 }))).map(([target, ...values]) => {
    const written = names.flatMap((name, index) => (values[index] === null ? [] : [`, ${name}: ${values[index]}`]))
    return parsePlan(`faultline: 1
title: T
cluster: { nodes: [{ id: n1 }, { id: n2 }, { id: n3 }, { id: n4 }, { id: n5 }, { id: n6, spare: true }] }
blastRadius: { nodes: 5, allowQuorumLoss: true }
timeline:
  - { id: f-1, at: 1s, for: 20s, fault: ${fault.kind}${target === null ? '' : `, target: "${target}"`}${written.join('')} }
`).plan
  })
}

const anyView: fc.Arbitrary<RoleView> = fc.constantFrom(...IDS).map((leader) => ({ ids: IDS, leader, followers: IDS.filter((id) => id !== leader) }))
const anySeed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

describe.each(faultKinds.map((fault) => [fault.kind, fault] as const))('the dry run of %s', (_kind, fault) => {
  it('with the recorded roles put in is the run, call for call', () => {
    let compared = 0
    fc.assert(
      fc.property(anyPlan(fault), anyView, anySeed, (plan, view, seed) => {
        if (!plan) return
        compared++
        const dry = expand(plan, seed).schedule[0]!
        const { drawn, calls, undo } = prepareFault(plan.timeline[0]!, plan, seed, view)
        expect(substitute(dry.calls, drawn.roles)).toEqual(calls)
        expect(substitute(dry.undo, drawn.roles)).toEqual(undo)
        // an operator's order goes to whoever leads when it is given, which nobody draws
        const drawnCalls = calls.map((call) => (call.method === 'ADMIN' && call.path === 'leader' ? { ...call, path: '' } : call))
        expect(JSON.stringify([drawnCalls, undo])).not.toMatch(/"(leader|follower#\d)|\/(leader|follower#\d)|-(leader|follower#\d)/)
        expect(calls.length).toBeGreaterThan(0)
      }),
      { numRuns: 600 },
    )
    expect(compared, 'plans that could be compared').toBeGreaterThan(3)
  })

  it('names the same moments and ranks ten times over, whoever leads', () => {
    fc.assert(
      fc.property(anyPlan(fault), anySeed, (plan, seed) => {
        if (!plan) return
        const ten = Array.from({ length: 10 }, (_, run) => {
          const leader = IDS[run % IDS.length]!
          const { drawn } = prepareFault(plan.timeline[0]!, plan, seed, { ids: IDS, leader, followers: IDS.filter((id) => id !== leader) })
          const ranks = new Map(Object.entries(drawn.roles).map(([rank, node]) => [node, rank]))
          const { at_ms, until_ms } = expand(plan, seed).schedule[0]!
          return { at_ms, until_ms, nodes: drawn.nodes.map((node) => ranks.get(node) ?? node) }
        })
        expect(new Set(ten.map((run) => JSON.stringify(run))).size).toBe(1)
      }),
      { numRuns: 30 },
    )
  })
})
