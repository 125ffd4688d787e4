/** A node makes a snapshot now, whatever its settings say. */
import { defineFault } from './fault'
import { PERMANENT } from './operator'

export const snapshot = defineFault({
  kind: 'snapshot',
  family: 'operator',
  help: 'the target makes a snapshot at once, and cuts its log behind it',
  caution: `where nothing was applied since the last one, none is made; ${PERMANENT}`,
  alsoCalled: ['compact', 'compaction', 'snapshot-now'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  calls: ({ drawn }) => ({ calls: drawn.nodes.map((node) => ({ method: 'ADMIN', path: node, body: { verb: 'snapshot' } })), undo: [] }),
})
