/** One member goes and another one comes: the new one first, so that the cluster is never weaker than before. */
import { defineFault } from './fault'
import { askLeader, awaited, forceParameter, nodeName, PERMANENT, unknownNode } from './operator'
import { startOf, stopOf } from './process'

export const replaceNode = defineFault({
  kind: 'replace-node',
  family: 'operator',
  help: 'starts a spare node, adds it as a voter, then removes the target and stops it',
  caution: `the new node gets the whole log or a snapshot first; ${PERMANENT}`,
  alsoCalled: ['replace', 'swap', 'replace-member'],
  parameters: { with: nodeName('the node that comes, e.g. with: n6'), force: forceParameter },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  misfit: (values, nodes) => unknownNode('with', values.with, nodes),
  membersChange: (values, nodes) => ({ kind: 'change', joins: [values.with], withVote: true, leaves: nodes.slice(0, 1), named: 'with' }),
  calls(scene) {
    const { with: comes, force } = scene.values
    const goes = scene.drawn.nodes[0]
    if (goes === undefined) return { calls: [], undo: [] }
    return {
      calls: [
        startOf(comes),
        askLeader(scene, { verb: 'members', add: comes, learner: false, force, atOnce: false }),
        awaited(comes, 'voter'),
        askLeader(scene, { verb: 'members', remove: goes, force }),
        awaited(goes, 'outside'),
        stopOf(goes),
      ],
      undo: [],
    }
  },
})
