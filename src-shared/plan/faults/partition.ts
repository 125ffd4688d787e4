/** Links that carry nothing for as long as the fault lasts; who is cut from whom is its shape. */
import { choice } from '../field'
import { cut, type CutMode } from './cut'
import { defineFault } from './fault'
import { type Shape, shapes } from './shapes'
import { pathParameter, touchesPath } from './toxic'

export const partition = defineFault({
  kind: 'partition',
  family: 'network',
  help: 'cuts links: nothing gets through until the fault ends',
  alsoCalled: ['cut', 'isolate', 'split', 'disconnect', 'blackhole', 'netsplit', 'drop', 'stall', 'refuse'],
  parameters: {
    mode: choice<CutMode>({
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
  calls: (scene) => cut(scene.values.mode, scene),
})
