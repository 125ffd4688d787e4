/** What an operator does to a running cluster: moves leadership, asks for a snapshot, adds and removes nodes. */
import type { Coverage } from './coverage'
import type { SimNode } from './nodes'

export interface Operated {
  readonly coverage: Coverage
  readonly nodes: readonly SimNode[]
  leader(): SimNode | null
}

/** Fewer voters than this are left alone: the cluster would stand on one node. */
const VOTERS_MIN = 3

export function operate(world: Operated, kind: 'transfer' | 'snapshot' | 'add' | 'remove', node: SimNode): void {
  if (kind === 'snapshot') {
    if (node.isUp && !node.isPaused) node.snapshots.make()
    return
  }
  const leader = world.leader()
  if (leader === null || leader.raft === null || leader.isPaused) return
  const { raft } = leader
  const { membership } = raft.status()
  if (kind === 'transfer') {
    const to = node === leader ? membership.voters.find((id) => id !== leader.id) : node.id
    if (to !== undefined) raft.transfer(to, leader.localMs)
  } else if (kind === 'add') {
    const spare = world.nodes.find(({ id, isUp }) => isUp && !membership.voters.includes(id) && !membership.outgoing.includes(id))
    if (spare === undefined) return
    note(world, raft.changeMembership({ add: spare.id }, {}, leader.localMs).ok)
  } else {
    if (membership.voters.length <= VOTERS_MIN) return
    const gone = membership.voters.includes(node.id) ? node.id : membership.voters[0]!
    note(world, raft.changeMembership({ remove: gone }, {}, leader.localMs).ok)
  }
  leader.pump()
}

function note({ coverage }: Operated, isBegun: boolean): void {
  if (!isBegun) coverage.met('membership change refused')
}
