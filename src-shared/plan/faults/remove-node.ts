/** A member leaves the cluster for good, and its process ends. */
import { defineFault } from './fault'
import { askLeader, awaited, forceParameter, PERMANENT } from './operator'
import { stopOf } from './process'

export const removeNode = defineFault({
  kind: 'remove-node',
  family: 'operator',
  help: 'removes the target from the members, dead or alive; once it is out its process is stopped, and stays down',
  caution: `the last voter can't be removed; ${PERMANENT}`,
  alsoCalled: ['remove', 'leave', 'scale-down', 'remove-member', 'decommission', 'evict'],
  parameters: { force: forceParameter },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  membersChange: (_values, nodes) => ({ kind: 'change', joins: [], withVote: true, leaves: nodes, named: 'target' }),
  calls(scene) {
    const { force } = scene.values
    const calls = scene.drawn.nodes.flatMap((node) => [askLeader(scene, { verb: 'members', remove: node, force }), awaited(node, 'outside'), stopOf(node)])
    return { calls, undo: [] }
  },
})
