/** Leadership is moved on purpose. */
import { optional } from '../field'
import { defineFault } from './fault'
import { nodeName, PERMANENT, unknownNode } from './operator'

export const transfer = defineFault({
  kind: 'transfer',
  family: 'operator',
  help: 'the leader hands its office over; whoever else is asked passes the order on to it',
  caution: `the cluster may decline (the other one is silent, or not caught up within an election timeout); ${PERMANENT}`,
  alsoCalled: ['transfer-leadership', 'move-leader', 'leadership', 'step-down', 'stepdown', 'failover', 'switchover'],
  parameters: {
    to: optional(nodeName('who takes over, e.g. n3; absent: the voter that has most of the log, the first by id among equals')),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  misfit: ({ to }, nodes) => (to === null ? null : unknownNode('to', to, nodes)),
  calls: ({ drawn, values: { to } }) => ({
    calls: drawn.nodes.slice(0, 1).map((node) => ({ method: 'ADMIN', path: node, body: { verb: 'transfer', to } })),
    undo: [],
  }),
})
