/** So many lines of each kind at once and so many a second; what is beyond is counted, and told with the next that may go. */

const BURST = 20
const LINES_PER_S = 10
/** kinds are words of ours; the bound is against a mistake */
const KINDS_MAX = 256

interface Bucket {
  tokens: number
  atMs: number
  suppressed: number
}

export class RateLimit {
  private readonly buckets = new Map<string, Bucket>()

  /** @returns lines of this kind left out since the last that went, or null when this one is left out, too */
  admit(kind: string, nowMs: number): number | null {
    const bucket = this.bucketOf(kind, nowMs)
    if (bucket === null) return null
    bucket.tokens = Math.min(BURST, bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * LINES_PER_S)
    bucket.atMs = nowMs
    if (bucket.tokens < 1) {
      bucket.suppressed++
      return null
    }
    bucket.tokens--
    const { suppressed } = bucket
    bucket.suppressed = 0
    return suppressed
  }

  /** @returns what was left out and not told yet; it counts as told */
  takeSuppressed(): { kind: string; suppressed: number }[] {
    const found: { kind: string; suppressed: number }[] = []
    for (const [kind, bucket] of this.buckets) {
      if (bucket.suppressed > 0) found.push({ kind, suppressed: bucket.suppressed })
      bucket.suppressed = 0
    }
    return found
  }

  private bucketOf(kind: string, nowMs: number): Bucket | null {
    const known = this.buckets.get(kind)
    if (known !== undefined) return known
    if (this.buckets.size >= KINDS_MAX) return null
    const bucket = { tokens: BURST, atMs: nowMs, suppressed: 0 }
    this.buckets.set(kind, bucket)
    return bucket
  }
}
