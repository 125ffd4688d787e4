/** What clients and operators ask of a node, and what it answers at once. */
import type {
  ChangeResult,
  LeaseResult,
  MembershipChange,
  NodeId,
  ProposeResult,
  ReadResult,
  TransferResult,
} from '../../../../src-main/raft/types'
import { range } from '../../world/node'
import type { ScriptedNode } from '../../world/node'
import type { World } from '../../world/world'
import { bytes, number } from '../scene'
import type { Command, Scene } from '../scene'

type Result = ProposeResult | ReadResult | LeaseResult | TransferResult | ChangeResult
type Refusal = Exclude<Result, { ok: true }>

export const requestCommands: Record<string, Command> = {
  propose(scene, [id = '', ...values]) {
    propose(scene, id, values)
  },
  flood(scene, [id = '', count]) {
    propose(scene, id, Array.from({ length: number(count) }, (_, i) => `v${i}`))
  },
  read(scene, [id = '']) {
    const node = scene.world.node(id)
    const result = node.alive.readIndex(++scene.reads, node.clockMs)
    answer(scene.world, node, result, `read ${scene.reads} waits`)
  },
  lease(scene, [id = '']) {
    const node = scene.world.node(id)
    const result = node.alive.readLease(++scene.reads, node.clockMs)
    answer(scene.world, node, result, `read ${scene.reads} relies on its lease`)
  },
  transfer(scene, [id = '', to = '']) {
    const node = scene.world.node(id)
    answer(scene.world, node, node.alive.transfer(to, node.clockMs), `moves leadership to ${to}`)
  },
  add(scene, [id = '', added = '', ...how]) {
    change(scene, id, { add: added, asLearner: how.includes('learner') }, how)
  },
  remove(scene, [id = '', removed = '', ...how]) {
    change(scene, id, { remove: removed }, how)
  },
  rtt({ world }, [id = '', peer = '', smoothedMs, varianceMs]) {
    const node = world.node(id)
    node.alive.observeRtt(peer, number(smoothedMs), number(varianceMs), node.clockMs)
    node.pump()
  },
}

function propose({ world }: Scene, id: NodeId, values: readonly string[]): void {
  const node = world.node(id)
  const result = node.alive.propose(values.map(bytes), node.clockMs)
  const what = values.length > 4 ? `${values.length} values` : values.join(' ')
  answer(world, node, result, result.ok ? `takes ${what} as ${range(result.index, result.index + values.length - 1)}` : '')
}

function change({ world }: Scene, id: NodeId, wanted: MembershipChange, how: readonly string[]): void {
  const node = world.node(id)
  const result = node.alive.changeMembership(wanted, { force: how.includes('force') }, node.clockMs)
  answer(world, node, result, 'add' in wanted ? `adds ${wanted.add}` : `removes ${wanted.remove}`)
}

/** Says what the node answered, then lets it do what follows from it. */
function answer(world: World, node: ScriptedNode, result: Result, done: string): void {
  world.say(`${node.id}: ${result.ok ? done : `refused, ${reasonOf(result)}`}`)
  node.pump()
}

function reasonOf(refusal: Refusal): string {
  switch (refusal.reason) {
    case 'not-leader':
    case 'transferring':
      return `${refusal.reason}, leader ${refusal.leader ?? 'unknown'}`
    case 'would-lose-quorum':
      return `${refusal.reason}, ${refusal.needed} have to answer and only ${refusal.answering.join(' ')} would`
    default:
      return refusal.reason
  }
}
