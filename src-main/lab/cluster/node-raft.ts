/** What a plan says about Raft, as one node is told it. */
import type { PlanNode } from '@shared/plan/plan'
import type { RaftSettings } from '@shared/raft'
import type { NodeConfig } from '../../node/child'

export function nodeRaft({ raft, nodes }: { raft: RaftSettings; nodes: readonly PlanNode[] }, id: string): NodeConfig['raft'] {
  return { ...raft, ...prioritiesOf(nodes, id) }
}

/** Nodes that are all alike are told of no priorities: a leader that knows none never looks for a better one. */
function prioritiesOf(nodes: readonly PlanNode[], id: string): Pick<NodeConfig['raft'], 'priority' | 'peerPriorities'> {
  const voters = nodes.filter((node) => !node.learner)
  const own = voters.find((node) => node.id === id)
  if (own === undefined || voters.every((node) => node.priority === own.priority)) return {}
  const peerPriorities = Object.fromEntries(voters.filter((node) => node !== own).map((node) => [node.id, node.priority]))
  return { priority: own.priority, peerPriorities }
}
