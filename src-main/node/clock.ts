/** The true clock of a node: monotonic, counted from the run's origin, so that all processes of a run share one axis. */

export interface Clock {
  /** ms since the run's origin, with fractions */
  nowMs(): number
  /** ns since the run's origin, an integer */
  nowNs(): number
  /** how long a timer of the system has to wait until so much has passed on this clock */
  realMs(ms: number): number
}

/** @param originNs the run's origin on CLOCK_MONOTONIC, ns */
export function monotonicClock(originNs: bigint): Clock {
  const originSeconds = Number(originNs / 1_000_000_000n)
  const originRestNs = Number(originNs % 1_000_000_000n)
  const nowNs = (): number => {
    const [seconds, ns] = process.hrtime()
    return (seconds - originSeconds) * 1e9 + (ns - originRestNs)
  }
  return { nowNs, nowMs: () => nowNs() / 1e6, realMs: (ms) => ms }
}
