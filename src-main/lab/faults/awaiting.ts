/** Waiting for a node to be what the next step of a fault needs; as long as it takes, for the fault's end ends it, too. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AwaitedState } from '@shared/plan/schedule'
import type { Cluster } from '../cluster/cluster'

const LOOK_EVERY_MS = 10

/** @param givenUp nobody waits any more */
export async function awaitNode(cluster: Cluster, id: string, state: AwaitedState, givenUp: () => boolean): Promise<void> {
  const holds = watchFor(cluster, id, state)
  while (!givenUp() && !holds()) await delay(LOOK_EVERY_MS)
}

function watchFor(cluster: Cluster, id: string, state: AwaitedState): () => boolean {
  const node = cluster.node(id)
  switch (state) {
    case 'ready':
      return () => node.state === 'running'
    case 'caught-up': {
      let target: number | null = null
      return () => {
        const { sample } = node
        if (node.state !== 'running' || !sample || sample.leader === null) return false
        target ??= Math.max(...cluster.nodes.map((other) => other.sample?.commit ?? 0))
        return sample.applied >= target
      }
    }
    case 'voter':
      return () => cluster.members.outgoing.length === 0 && cluster.members.voters.includes(id)
    case 'learner':
      return () => cluster.members.learners.includes(id)
    case 'outside':
      return () => !cluster.members.has(id)
  }
}
