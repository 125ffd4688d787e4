/** A node process stands still with its connections open, as in a long garbage collection or a frozen machine. */
import { defineFault } from './fault'
import { signals } from './process'

export const pause = defineFault({
  kind: 'pause',
  family: 'process',
  help: 'stops the node process with SIGSTOP; it goes on with SIGCONT when the fault ends',
  alsoCalled: ['stop', 'sigstop', 'freeze', 'suspend', 'hang'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls: ({ drawn }) => signals(drawn, 'SIGSTOP', (node) => ({ method: 'SIGNAL', path: node, body: 'SIGCONT' })),
})
