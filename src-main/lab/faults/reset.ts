/** Resets are seen by what becomes of connections of ours. */
import { healthProbe } from '../probes/health'
import { reachProbe } from '../probes/link'
import { type OnPath, probed } from './probed'
import { sizeOf } from './size'

interface Values extends OnPath {
  delay: number
}

const EVERY_MS = 200
const MARGIN_MS = 1_000

export const reset = probed<Values>({
  withinMs: ({ delay }) => 3 * (delay + MARGIN_MS),
  onLink: (link, { delay }) => reachProbe(link, EVERY_MS, delay + MARGIN_MS),
  onClientPath: (target, port, { delay }) => healthProbe(target, port, EVERY_MS, delay + MARGIN_MS),
  shows: ({ failure }) => failure === 'reset',
  says: ({ failure }) => (failure === null ? 'a connection carries again' : `a connection ended: ${failure}`),
  size: (readings) => sizeOf('new connections reset', 100, readings.map(({ failure }) => (failure === 'reset' ? 100 : 0)), '%'),
})
