/** What is sent in one piece arrives in many. */
import { duration, size } from '../field'
import { formatSize } from '../units'
import { defineFault } from './fault'
import { pathParameter, streamConflict, streamParameter, touchesPath, toxics } from './toxic'

const SLICE_BYTES_MAX = 16 * 1024 // Toxiproxy reads up to 32 KiB at once

export const slicing = defineFault({
  kind: 'slicing',
  family: 'network',
  help: 'cuts what travels on a link into slices, with a pause after each',
  caution:
    'Toxiproxy halves what it reads until a piece is no longer than averageSize + variation, so slices are between half of that and that. ' +
    'Without a pause between them the kernel may put them together again before they are read',
  alsoCalled: ['slicer', 'slice', 'fragment', 'fragmentation', 'segments'],
  parameters: {
    averageSize: size({ help: 'bytes of a slice on average', min: 1, max: SLICE_BYTES_MAX }),
    variation: size({ help: 'a slice is shorter or longer by up to this much; less than averageSize', initial: 0, min: 0, max: SLICE_BYTES_MAX }),
    delay: duration({ help: 'pause after each slice', initial: 0, min: 0, max: 1_000, fractional: true }),
    path: pathParameter,
    stream: streamParameter,
  },
  targets: 'nodes or links',
  touches: touchesPath,
  takesOut: () => 'nothing',
  conflict(values) {
    if (values.variation < values.averageSize) return streamConflict(values)
    const message = `slices of ${formatSize(values.averageSize)} can't be shorter by ${formatSize(values.variation)}`
    return { parameter: 'variation', message, suggestion: formatSize(values.averageSize - 1) }
  },
  calls: (scene) => {
    const { averageSize, variation, delay, stream } = scene.values
    // Toxiproxy counts this pause in whole microseconds
    const attributes = { average_size: averageSize, size_variation: variation, delay: Math.round(delay * 1_000) }
    return toxics(scene, { type: 'slicer', attributes }, stream)
  },
})
