/** Reading and merging the histograms of load intervals. Histograms are merged; percentiles are never averaged. */
import { build, decodeFromCompressedBase64 } from 'hdr-histogram-js'

/** What a merged histogram can say, in the unit it was recorded in. */
export interface MergedHistogram {
  count: number
  max: number
  /** @param q 0…1; null when nothing was recorded */
  quantile(q: number): number | null
}

/**
 * @param encoded HdrHistogram V2, compressed, base64; an empty string is an interval without values
 * @throws when one of them is no histogram
 */
export function mergeHistograms(encoded: Iterable<string>): MergedHistogram {
  const all = build({ lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: 3 })
  for (const text of encoded) if (text !== '') all.add(decodeFromCompressedBase64(text))
  return {
    count: all.totalCount,
    max: all.totalCount === 0 ? 0 : all.maxValue,
    quantile: (q) => (all.totalCount === 0 ? null : all.getValueAtPercentile(q * 100)),
  }
}
