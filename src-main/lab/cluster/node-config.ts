/** What one node is told at its start: who it is, where it listens, whom it dials, and what it has to suffer. */
import { learnersOf, votersOf } from '@shared/plan/outage'
import type { NodeConfig } from '../../node/child'
import { dialPort, type Mesh } from './mesh'
import type { NodeProcess } from './node-process'
import { nodeRaft } from './node-raft'

type Settings = Parameters<typeof nodeRaft>[0] & { nodeTest?: NodeConfig['test'] }

export function nodeConfig(node: NodeProcess, dir: string, token: string, originNs: string, mesh: Mesh, settings: Settings): NodeConfig {
  return {
    id: node.id,
    dir,
    token,
    originNs,
    httpPort: node.http,
    peerPort: node.peer,
    peers: mesh.nodes.filter((peer) => peer.id !== node.id).map((peer) => ({ id: peer.id, port: dialPort(mesh, node.id, peer) })),
    voters: votersOf(settings.nodes),
    learners: learnersOf(settings.nodes),
    raft: nodeRaft(settings, node.id),
    ...(node.harms.size > 0 ? { harms: Object.fromEntries(node.harms) } : {}),
    ...(settings.nodeTest ? { test: settings.nodeTest } : {}),
  }
}
