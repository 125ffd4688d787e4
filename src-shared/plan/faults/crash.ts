/** A node process ends without a word and is started again, with its data, when the fault ends. */
import { defineFault } from './fault'
import { signals } from './process'

export const crash = defineFault({
  kind: 'crash',
  family: 'process',
  help: 'ends the node process with SIGKILL; it is started again when the fault ends',
  alsoCalled: ['kill', 'sigkill', 'terminate', 'die', 'restart', 'reboot'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls: ({ drawn }) => signals(drawn, 'SIGKILL', (node) => ({ method: 'START', path: node, body: null })),
})
