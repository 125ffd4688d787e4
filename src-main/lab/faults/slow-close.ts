/** A late end is seen by closing connections of ours: how long until they are closed from the other side? */
import { closeOnPathProbe } from '../probes/client-path'
import { closeProbe } from '../probes/link'
import { type OnPath, probed, valuesOf, waysOf } from './probed'
import { medianSizeOf } from './size'

interface Values extends OnPath {
  delay: number
}

const EVERY_MS = 250
const MARGIN_MS = 1_000
/** An end is late when it takes this part of what was asked. */
const LATE = 0.6

export const slowClose = probed<Values>({
  withinMs: ({ delay }) => 3 * (2 * delay + MARGIN_MS),
  onLink: (link, { delay }) => closeProbe(link, EVERY_MS, delay + MARGIN_MS),
  onClientPath: (target, port, { delay }) => closeOnPathProbe(target, port, EVERY_MS, 2 * delay + MARGIN_MS),
  shows: ({ value }, { delay }) => (value === null ? null : value >= LATE * delay),
  says: ({ value }) => `closed after ${value?.toFixed(1)} ms`,
  size: (readings, values) =>
    medianSizeOf('delay of the close', values.delay, valuesOf(readings).map((value) => value / waysOf(values)), 'ms'),
})
