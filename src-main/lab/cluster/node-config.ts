/** What one node's process is told at its start. */
import { learnersOf, votersOf } from '@shared/plan/outage'
import type { PlanNode } from '@shared/plan/plan'
import type { RaftSettings } from '@shared/raft'
import type { NodeConfig } from '../../node/child'
import { dialPort, type Mesh } from './mesh'
import type { NodeProcess } from './node-process'
import { nodeRaft } from './node-raft'

interface Surroundings {
  mesh: Mesh
  settings: { nodes: readonly PlanNode[]; raft: RaftSettings; nodeTest?: NodeConfig['test'] }
  nodes: readonly NodeProcess[]
  dir: string
  token: string
  originNs: string
}

export function nodeConfig({ id, http, peer: peerPort, harms, forced }: NodeProcess, { mesh, settings, nodes, ...place }: Surroundings): NodeConfig {
  // who was a member and is no survivor may come back as the old cluster: the survivors don't hear it
  const shutOut = forced ? nodes.filter((node) => !forced.voters.includes(node.id) && node.lives.list.length > 0).map((node) => node.id) : []
  const peers = mesh.nodes.filter((peer) => peer.id !== id && !shutOut.includes(peer.id))
  return {
    id,
    ...place,
    httpPort: http,
    peerPort,
    peers: peers.map((peer) => ({ id: peer.id, port: dialPort(mesh, id, peer) })),
    ...(forced ? { voters: forced.voters, learners: [], forced } : { voters: votersOf(settings.nodes), learners: learnersOf(settings.nodes) }),
    raft: nodeRaft(settings, id),
    ...(harms.size > 0 ? { harms: Object.fromEntries(harms) } : {}),
    ...(settings.nodeTest ? { test: settings.nodeTest } : {}),
  }
}
