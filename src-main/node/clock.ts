/** The one clock of a node: monotonic, counted from the run's origin, so that all processes of a run share one axis. */

export interface Clock {
  /** ms since the run's origin, with fractions */
  nowMs(): number
  /** ns since the run's origin, an integer */
  nowNs(): number
}

/** @param originNs the run's origin on CLOCK_MONOTONIC, ns */
export function monotonicClock(originNs: bigint): Clock {
  const originSeconds = Number(originNs / 1_000_000_000n)
  const originRestNs = Number(originNs % 1_000_000_000n)
  const nowNs = (): number => {
    const [seconds, ns] = process.hrtime()
    return (seconds - originSeconds) * 1e9 + (ns - originRestNs)
  }
  return { nowNs, nowMs: () => nowNs() / 1e6 }
}

/** Moments in the core are ms; reports are integer ns. */
export function msToNs(ms: number): number {
  return Math.round(ms * 1e6)
}
