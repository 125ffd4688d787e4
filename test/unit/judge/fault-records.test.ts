/** What the page of a fault is drawn from. */
import { expect, it } from 'vitest'
import { judge } from '../../../src-main/lab/judge/judge'
import { crash, fault, plan, records } from './run'

const asked = plan({ timeline: [{ ...crash('a', 2_000), values: { restart: null } }, crash('b', 10_000)] })
const stages = fault('a', { requested: 17_000, acknowledged: 17_010, observed: 17_030, undone: 22_100 })
const withRoles = stages.map((event) => ({ ...event, targets: ['n1'], roles: { leader: 'n1' } }))
const [a, b] = judge(records({ events: withRoles as typeof stages }), asked).faults

it('a fault names its calls with the nodes that were drawn, and whose place they had', () => {
  expect(a).toMatchObject({ target: 'leader', family: 'process', targets: [{ name: 'n1', role: 'leader' }], calls: ['SIGNAL n1 "SIGKILL"'], undo: ['START n1'] })
})

it('its moments stand in order of time, the plan among them', () => {
  expect(a!.moments.map(({ name, at_ms }) => [name, at_ms])).toEqual([
    ['planned', 17_000], ['requested', 17_000], ['acknowledged', 17_010], ['observed', 17_030], ['planned-end', 22_000], ['undone', 22_100],
  ])
})

it('one that never came has no calls, and says so', () => {
  expect(b).toMatchObject({ calls: [], undo: [], not_shown: 'its moment never came', targets: [{ name: 'leader', role: null }] })
  expect(b!.moments.map(({ name }) => name)).toEqual(['planned', 'planned-end'])
})
