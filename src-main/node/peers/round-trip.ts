/**
 * Round-trip time of one link pair, measured without frames of its own: every frame carries when it was sent, the
 * newest such moment from the peer, and how long it was held here before it went back (as TCP timestamps, RFC 7323,
 * and the smoothing of RFC 6298).
 */
import { medianOf } from '@shared/stats/median'

/** moment sent, moment echoed (negative: none), time held: three doubles, ms */
export const STAMP_BYTES = 24

/** Round trips as they were read, not smoothed. */
export interface Readings {
  n: number
  /** of the newest of them */
  medianMs: number
  minMs: number
  maxMs: number
}

/** RFC 6298 smooths by 1/8; a quarter follows an injected delay within half a second at ten frames a second */
const GAIN = 1 / 4
/** of so many readings a median is taken; older ones make room */
const READINGS_MAX = 64
/** Round trips that deviate by more are asked for more often: what varies takes more readings to be known. */
const VARIES_MS = 2

export class RoundTrip {
  /** smoothed round trip and mean deviation, ms; null until the first echo */
  rttMs: number | null = null
  deviationMs: number | null = null
  private peerSentMs = -1
  private arrivedMs = 0
  private readings: number[] = []
  private readCount = 0

  /** Writes what goes out with a frame; an echo is sent once, so that a quiet link is not counted twice. */
  writeStamp(buffer: Buffer, offset: number, nowMs: number): void {
    buffer.writeDoubleLE(nowMs, offset)
    buffer.writeDoubleLE(this.peerSentMs, offset + 8)
    buffer.writeDoubleLE(nowMs - this.arrivedMs, offset + 16)
    this.peerSentMs = -1
  }

  /** Takes the stamp of a frame that just came in from the peer. */
  readStamp(buffer: Buffer, nowMs: number): void {
    this.peerSentMs = buffer.readDoubleLE(0)
    this.arrivedMs = nowMs
    const echoedMs = buffer.readDoubleLE(8)
    if (echoedMs >= 0) this.observe(nowMs - echoedMs - buffer.readDoubleLE(16))
  }

  get varies(): boolean {
    return this.deviationMs !== null && this.deviationMs > VARIES_MS
  }

  /** @returns what was read since the last call; null = nothing */
  takeReadings(): Readings | null {
    const sample = medianOf(this.readings)
    const taken = sample && { n: this.readCount, medianMs: sample.median, minMs: Math.min(...this.readings), maxMs: Math.max(...this.readings) }
    this.readings = []
    this.readCount = 0
    return taken
  }

  private observe(sampleMs: number): void {
    if (!(sampleMs >= 0)) return // an echo of an earlier life of this node, or not a number
    this.read(sampleMs)
    if (this.rttMs === null || this.deviationMs === null) {
      this.rttMs = sampleMs
      this.deviationMs = sampleMs / 2
      return
    }
    this.deviationMs += GAIN * (Math.abs(this.rttMs - sampleMs) - this.deviationMs)
    this.rttMs += GAIN * (sampleMs - this.rttMs)
  }

  private read(ms: number): void {
    this.readings[this.readCount % READINGS_MAX] = ms
    this.readCount++
  }
}
