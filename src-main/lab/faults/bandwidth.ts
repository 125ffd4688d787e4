/** A narrow link is seen by what a probe gets through it. */
import { answersRateProbe, requestsRateProbe } from '../probes/client-path'
import { throughputProbe } from '../probes/link'
import { type OnPath, probed, valuesOf } from './probed'
import { sizeOf } from './size'

interface Values extends OnPath {
  /** bytes a second */
  rate: number
}

const EVERY_MS = 1_000
/** As much as the link carries in this time: Toxiproxy lets bytes through every 100 ms, and some such steps have to be seen. */
const BULK_MS = 500
const [BULK_BYTES_MIN, BULK_BYTES_MAX] = [2_000, 256 * 1024]
const DEADLINE_MS = 4_000

const bulkBytes = ({ rate }: Values): number => Math.round(Math.min(BULK_BYTES_MAX, Math.max(BULK_BYTES_MIN, (rate * BULK_MS) / 1_000)))
/** the link is no narrower than this where nothing is asked of it */
const isNarrow = (value: number, { rate }: Values): boolean => value < 1.5 * rate

export const bandwidth = probed<Values>({
  withinMs: () => 2 * (EVERY_MS + DEADLINE_MS),
  onLink: (link, values) => throughputProbe(link, EVERY_MS, DEADLINE_MS, bulkBytes(values)),
  onClientPath: (target, port, values) =>
    (values.stream === 'up' ? requestsRateProbe : answersRateProbe)(target, port, EVERY_MS, DEADLINE_MS, bulkBytes(values)),
  shows: ({ value }, values) => (value === null ? null : isNarrow(value, values)),
  says: ({ value }) => `${((value ?? 0) / 1_000).toFixed(1)} KB/s`,
  size: (readings, { rate }) =>
    sizeOf('throughput', rate / 1_000, valuesOf(readings).map((value) => value / 1_000), 'KB/s'),
})
