/** A node that is no member becomes one: brought up to date as a learner first, then with a vote. */
import { flag } from '../field'
import { defineFault } from './fault'
import { askLeader, awaited, PERMANENT } from './operator'
import { startOf } from './process'

export const addNode = defineFault({
  kind: 'add-node',
  family: 'operator',
  help: 'starts the target (a spare node, or one that was removed) and adds it to the members; a learner gets its vote',
  caution: `one change of members at a time, and up to a minute each; ${PERMANENT}`,
  alsoCalled: ['add', 'join', 'members', 'scale-up', 'add-member', 'add-voter'],
  parameters: {
    learner: flag({ help: 'it stays a learner', initial: false }),
    force: flag({ help: 'it gets its vote at once, whether it is caught up or answers at all', initial: false }),
    start: flag({ help: 'false: its process is not started', initial: true }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  conflict({ learner, force }) {
    return learner && force ? { parameter: 'force', message: 'a learner has no vote that could be forced', suggestion: 'force: false' } : null
  },
  membersChange: ({ learner }, nodes) => ({ kind: 'change', joins: nodes, withVote: !learner, leaves: [], named: 'target' }),
  calls(scene) {
    const { learner, force, start } = scene.values
    const calls = scene.drawn.nodes.flatMap((node) => [
      ...(start ? [startOf(node)] : []),
      askLeader(scene, { verb: 'members', add: node, learner, force, atOnce: force }),
      awaited(node, learner ? 'learner' : 'voter'),
    ])
    return { calls, undo: [] }
  },
})
