/** Slices are seen where they are read: how many bytes come at once. */
import { answersRateProbe } from '../probes/client-path'
import { sliceProbe } from '../probes/link'
import { type OnPath, probed, valuesOf } from './probed'
import { medianSizeOf } from './size'

interface Values extends OnPath {
  averageSize: number
  variation: number
  delay: number
}

const EVERY_MS = 500
const MARGIN_MS = 1_000
/** Toxiproxy halves what it reads: a power of two of slices is cut into exactly those */
const SLICES_MAX = 16
const PIECE_BYTES_MAX = 32 * 1024
/** on a client path: answers of this size in all, cut */
const ANSWERS_BYTES = 2_000

const piece = ({ averageSize }: Values): number => {
  let bytes = 2 * averageSize
  while (bytes < SLICES_MAX * averageSize && 2 * bytes <= PIECE_BYTES_MAX) bytes *= 2
  return bytes
}

/** bytes a second that the pauses leave */
const slowed = ({ averageSize, delay }: Values): number => (delay === 0 ? 0 : (averageSize * 1_000) / delay)

export const slicing = probed<Values>({
  withinMs: () => 5_000,
  onLink: (link, values) => sliceProbe(link, EVERY_MS, MARGIN_MS + SLICES_MAX * 4 * values.delay, piece(values)),
  // reads of answers say little of slices; what their pauses leave of the throughput does
  onClientPath: (target, port, values) => answersRateProbe(target, port, EVERY_MS, MARGIN_MS + (2 * ANSWERS_BYTES * values.delay) / values.averageSize, ANSWERS_BYTES),
  shows({ value }, values) {
    if (value === null) return null
    return values.path === 'client' ? value <= 3 * slowed(values) : value <= 1.5 * (values.averageSize + values.variation)
  },
  says: ({ value }) => `${value?.toFixed(0)} B`,
  size: (readings, values) =>
    values.path === 'client' ? null : medianSizeOf('bytes of a read', values.averageSize, valuesOf(readings), 'B'),
})
