/** The voters are gone for good: an operator tells the survivors that they are the cluster now. */
import type { Call } from '../schedule'
import { defineFault } from './fault'
import { startOf, stopOf } from './process'

export const forceMembers = defineFault({
  kind: 'force-members',
  family: 'operator',
  help: 'stops the target nodes and starts them as the only voters, whatever their logs say about members',
  caution:
    'unsafe by design: acknowledged writes that never reached the target are lost, and counted; for the nodes outside the target to come back is a second cluster, which the target does not talk to. It stays when the fault ends',
  alsoCalled: ['force-new-cluster', 'recover-cluster', 'unsafe-recovery', 'peers.json', 'force-quorum', 'promote'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  membersChange: (_values, voters) => ({ kind: 'forced', voters }),
  calls({ id, drawn: { nodes } }) {
    const started = nodes.map((node): Call => ({ ...startOf(node), body: { id, voters: [...nodes] } }))
    return { calls: [...nodes.map(stopOf), ...started], undo: nodes.toReversed().map(startOf) }
  },
})
