/**
 * A link carries nothing, in one of three ways that peers experience differently: stall (bytes wait and arrive
 * after the heal), drop (bytes vanish, the connection dies at the heal), refuse (connections are refused at once).
 */
import { choice } from '../field'
import type { PartitionMode } from '../plan'
import { defineFault } from './fault'
import { disabled, pathParameter, toxics } from './toxic'

export const partition = defineFault({
  kind: 'partition',
  family: 'network',
  help: 'cuts links: nothing gets through until the fault ends',
  alsoCalled: ['cut', 'isolate', 'split', 'disconnect', 'blackhole', 'netsplit', 'drop', 'stall', 'refuse'],
  parameters: {
    mode: choice<PartitionMode>({
      help: 'what becomes of the bytes',
      options: ['stall', 'drop', 'refuse'],
      synonyms: { blackhole: 'drop', lose: 'drop', loss: 'drop', wait: 'stall', hold: 'stall', delay: 'stall', reject: 'refuse', close: 'refuse', reset: 'refuse' },
    }),
    path: pathParameter,
  },
  targets: 'nodes or links',
  takesOut: 'links',
  build: (base, { mode, path }) => ({ ...base, fault: 'partition', mode, path }),
  calls(spec, drawn, clientGroup) {
    switch (spec.mode) {
      case 'stall':
        return toxics(spec.id, { type: 'bandwidth', attributes: { rate: 0 } }, drawn, clientGroup)
      case 'drop':
        return toxics(spec.id, { type: 'timeout', attributes: { timeout: 0 } }, drawn, clientGroup)
      case 'refuse':
        return disabled(drawn, clientGroup)
    }
  },
})
