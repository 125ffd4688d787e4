/** Load by the second of intended start: counts, and histograms that can be merged. */
import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js'
import type { LoadInterval } from '@shared/run/event'
import type { Outcome } from '@shared/run/operation'

interface Second {
  intended: number
  inFlight: number
  counts: Record<Outcome, number>
  response: Histogram
  sendLag: Histogram
}

const LATENCY_US_MAX = 60_000_000

export class Seconds {
  private readonly open = new Map<number, Second>()
  private readonly spare: Histogram[] = []
  private opened = 0

  /** A request is due; it may yet turn out not to be sent. */
  intended(intendedNs: number): void {
    this.at(intendedNs).intended++
  }

  sent(intendedNs: number): void {
    this.at(intendedNs).inFlight++
  }

  /** @param responseNs response time, null where the operation neither succeeded nor ran out of time */
  settled(intendedNs: number, outcome: Outcome, sendLagNs: number, responseNs: number | null): void {
    const second = this.at(intendedNs)
    second.inFlight--
    second.counts[outcome]++
    recordUs(second.sendLag, sendLagNs)
    if (responseNs !== null) recordUs(second.response, responseNs)
  }

  /** @returns the seconds, ascending, that end by `untilNs` and have nothing in flight; each is returned once, empty ones too */
  takeFull(untilNs: number): LoadInterval[] {
    this.openUntil(Math.floor(untilNs / 1e9))
    const full: LoadInterval[] = []
    for (const [number, second] of this.open) {
      if ((number + 1) * 1e9 > untilNs || second.inFlight > 0) continue
      this.open.delete(number)
      full.push(toInterval(number, second))
      for (const histogram of [second.response, second.sendLag]) {
        histogram.reset()
        this.spare.push(histogram)
      }
    }
    return full
  }

  private at(intendedNs: number): Second {
    const number = Math.floor(intendedNs / 1e9)
    this.openUntil(number + 1)
    const second = this.open.get(number)
    if (!second) throw new Error(`second ${number} of the load was closed with requests to come`)
    return second
  }

  private openUntil(end: number): void {
    for (; this.opened < end; this.opened++) {
      const [response, sendLag] = [this.histogram(), this.histogram()]
      this.open.set(this.opened, { intended: 0, inFlight: 0, counts: { ok: 0, fail: 0, unknown: 0 }, response, sendLag })
    }
  }

  private histogram(): Histogram {
    return this.spare.pop() ?? newHistogram()
  }
}

/** 1 µs … 60 s with 3 significant digits: about 0.65 KB encoded for a second of 500 operations. */
function newHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LATENCY_US_MAX,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
}

/** The histogram throws when out of range and keeps fractions: clamp and round. */
function recordUs(histogram: Histogram, ns: number): void {
  histogram.recordValue(Math.min(LATENCY_US_MAX, Math.max(0, Math.round(ns / 1000))))
}

function toInterval(second: number, { intended, counts, response, sendLag }: Second): LoadInterval {
  return {
    second,
    intended,
    ...counts,
    responseHistogram: encodeIntoCompressedBase64(response),
    sendLagHistogram: encodeIntoCompressedBase64(sendLag),
  }
}
