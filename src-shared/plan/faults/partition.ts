/**
 * A link carries nothing, in one of three ways that peers experience differently: stall (bytes wait and arrive
 * after the heal), drop (bytes vanish, the connection dies at the heal), refuse (connections are refused at once).
 */
import { choice } from '../field'
import { defineFault } from './fault'
import { type Shape, shapes } from './shapes'
import { disabled, pathParameter, touchesPath, toxics } from './toxic'

export type PartitionMode = 'stall' | 'drop' | 'refuse'

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
    shape: choice<Shape>({ help: 'what is left standing', initial: 'around', options: Object.keys(shapes) as Shape[], synonyms: { isolate: 'around', star: 'hub', half: 'halves', inbound: 'in', outbound: 'out', line: 'chain' } }),
    path: pathParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  shape: ({ shape }) => shape,
  conflict: ({ shape, path }) =>
    shape === 'around' || path === 'peer' ? null : { parameter: 'shape', message: 'a client path has no shape: it is cut or not', suggestion: 'around' },
  takesOut: () => 'links',
  calls(scene) {
    switch (scene.values.mode) {
      case 'stall':
        return toxics(scene, { type: 'bandwidth', attributes: { rate: 0 } })
      case 'drop':
        return toxics(scene, { type: 'timeout', attributes: { timeout: 0 } })
      case 'refuse':
        return disabled(scene)
    }
  },
})
